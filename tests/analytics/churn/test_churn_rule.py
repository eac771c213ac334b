import numpy as np
import pytest

from crm.analytics.churn import churn_rule
from crm.errors import NotEnoughData
from tests.analytics.histories import features

FOUR = features(
    4,
    recency=[10, 90, 60, 0],
    gap=[10, 30, np.nan, 50],
    revenue_90=[100, 0, -40, 7],
    revenue_before_90=[5, 20, 10, 0],
)


def test_customers_stand_by_how_overdue_they_are() -> None:
    table = churn_rule.overdue(FOUR)

    # 90 / 30 = 3, 60 / 30 = 2 (the median gap of the others), 10 / 10 = 1, 0 / 50 = 0.
    assert table["customer_id"].tolist() == [2, 3, 1, 4]
    assert table["overdue"].tolist() == [3, 2, 1, 0]
    assert table["score"].tolist() == pytest.approx([3 / 4, 2 / 3, 1 / 2, 0])


def test_a_borrowed_rhythm_is_said_to_be_one() -> None:
    table = churn_rule.overdue(FOUR).set_index("customer_id")

    assert table.loc[3, "usual_gap"] == 30
    assert table["own_gap"].to_dict() == {1: True, 2: True, 3: False, 4: True}


def test_revenue_is_of_half_a_year_and_never_negative() -> None:
    revenue = churn_rule.overdue(FOUR).set_index("customer_id")["revenue_180"]

    assert revenue.to_dict() == {1: 105, 2: 20, 3: 0, 4: 7}


def test_several_orders_on_one_day_make_a_gap_of_a_day() -> None:
    table = churn_rule.overdue(features(1, recency=6, gap=0))

    assert table[["overdue", "usual_gap"]].to_numpy().tolist() == [[6, 1]]


def test_without_a_second_order_there_is_no_rhythm() -> None:
    with pytest.raises(NotEnoughData, match="ordered twice"):
        churn_rule.overdue(features(5))
