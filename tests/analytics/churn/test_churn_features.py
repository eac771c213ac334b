from math import log

import numpy as np
import pytest

from crm.analytics.churn.churn_features import FEATURES, scaler, values
from crm.errors import Invalid
from tests.analytics.histories import features


def test_overdue_is_the_time_since_the_last_order_in_usual_gaps() -> None:
    table = values(features(1, recency=9, gap=4))

    assert table["overdue"].tolist() == [(9 + 1) / (4 + 1)]


def test_two_orders_on_one_day_do_not_divide_by_zero() -> None:
    table = values(features(1, recency=9, gap=0))

    assert table["overdue"].tolist() == [10]


def test_nobody_is_late_within_the_usual_gap() -> None:
    table = values(features(2, recency=[0, 30], gap=30))

    assert table["overdue"].tolist() == [1, 1]


def test_revenue_and_dates_are_no_features() -> None:
    assert list(values(features(3)).columns) == list(FEATURES)


@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_a_missing_value_is_refused_by_name(hole: float) -> None:
    with pytest.raises(Invalid, match="monetary") as told:
        values(features(3, monetary=[100, hole, 50]))

    assert told.value.field == "monetary"


def test_orders_after_the_day_are_refused() -> None:
    with pytest.raises(Invalid, match="after the day"):
        values(features(2, recency=[3, -1]))


def test_the_common_scale_by_hand() -> None:
    table = values(features(2, recency=[0, 99]))

    scale = scaler(table)

    # log 1 = 0 and log 100: the mean lies half way, and both half of it away.
    assert scale.names == ("recency",)
    assert scale.mean == pytest.approx([log(100) / 2])
    assert scale.apply(table).tolist() == [[-1], [1]]


def test_an_unknown_rhythm_speaks_neither_for_nor_against() -> None:
    # Twice and twenty times the usual gap: in logarithms alike far from their mean.
    table = values(features(3, recency=[9, 99, 9], gap=[4, 4, np.nan]))

    scale = scaler(table)

    overdue = scale.names.index("overdue")
    assert scale.apply(table)[:, overdue].tolist() == pytest.approx([-1, 1, 0])


def test_features_that_nobody_has_are_left_out() -> None:
    assert "overdue" not in scaler(values(features(3, recency=[1, 2, 3]))).names


def test_negative_totals_become_numbers() -> None:
    table = values(features(3, monetary=[-500, 0, 80]))

    assert np.isfinite(scaler(table).apply(table)).all()


def test_what_lies_beyond_the_learned_range_counts_as_its_end() -> None:
    scale = scaler(values(features(2, tenure=[100, 200])))

    applied = scale.apply(values(features(3, tenure=[50, 200, 4000])))

    assert applied.ravel().tolist() == pytest.approx([-1, 1, 1])


def test_the_scale_of_earlier_customers_serves_later_ones() -> None:
    scale = scaler(values(features(2, recency=[0, 99])))

    assert scale.apply(values(features(1, recency=9))).tolist() == [[0]]
