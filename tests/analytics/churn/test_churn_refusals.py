"""Where data is thin or odd: a rule instead of probabilities, words, no NaN."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from crm.analytics.churn.churn import Cut
from crm.analytics.churn.churn_rule import RULE_SCORES
from crm.errors import Invalid, NotEnoughData
from crm.frames import CHURN_FEATURES, empty
from tests.analytics.histories import features
from tests.analytics.leavers import (
    DAYS,
    TODAY,
    evaluated,
    planted_cuts,
    small_forests,
    the_same,
    words,
)


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    with small_forests():
        yield


@pytest.mark.parametrize(
    ("count", "stayed"), [(99, 50), (120, 0), (120, 120), (1000, 49), (1000, 951)]
)
def test_few_outcomes_of_a_kind_make_a_rule(count: int, stayed: int) -> None:
    found = evaluated(the_same(count, stayed, recency=range(count), gap=10))

    assert found.method == "rule"
    assert (found.best, found.evaluations) == (None, {})
    assert f"there were {stayed} and {count - stayed}" in str(found.why_rule)
    assert found.scores["rule"].dtypes.astype(str).to_dict() == RULE_SCORES


@pytest.mark.slow
def test_fifty_of_either_kind_are_enough() -> None:
    found = evaluated(the_same(100, 50, recency=range(100)))

    assert found.method == "model"


def test_a_thin_second_window_makes_a_rule_too() -> None:
    train, test, now = the_same(200, 100, recency=range(200), gap=10)

    found = evaluated([train, Cut(test.as_of, test.features), now])

    assert found.method == "rule"
    assert f"after {test.as_of:%b} {test.as_of.day}, {test.as_of.year}" in str(
        found.why_rule
    )


def test_customers_who_are_all_alike_make_a_rule() -> None:
    found = evaluated(the_same(200, 100, gap=5))

    assert found.method == "rule"
    assert "looked the same" in str(found.why_rule)


def test_a_business_younger_than_two_horizons_makes_a_rule() -> None:
    nobody, ten = empty(CHURN_FEATURES), features(10, recency=range(10), gap=5)

    found = evaluated([*(Cut(day, nobody) for day in DAYS[:2]), Cut(TODAY, ten)])

    assert found.method == "rule"
    assert found.learned_from == (0, 0)


def test_one_customer_with_a_rhythm_gets_a_rule_score() -> None:
    found = evaluated(the_same(1, 1, recency=30, gap=10))

    assert found.scores["rule"]["overdue"].tolist() == [3]


def test_one_customer_without_a_rhythm_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="ordered twice"):
        evaluated(the_same(1, 0))


def test_nobody_to_score_is_refused() -> None:
    cuts = [Cut(day, empty(CHURN_FEATURES)) for day in DAYS]

    with pytest.raises(NotEnoughData, match="No customer has ordered by 2026-01-31"):
        evaluated(cuts)


def test_windows_that_overlap_are_refused() -> None:
    train, test, now = planted_cuts()
    closer = Cut(train.as_of + timedelta(days=1), train.features, train.future)

    with pytest.raises(Invalid, match="closer than the horizon"):
        evaluated([closer, test, now])


@pytest.mark.parametrize("which", [0, 1, 2])
def test_orders_after_their_day_are_refused(which: int) -> None:
    cuts = planted_cuts()
    features = cuts[which].features
    cuts[which] = Cut(DAYS[which], features.assign(recency=-1), cuts[which].future)

    with pytest.raises(Invalid, match="after the day"):
        evaluated(cuts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "odd",
    [
        {"monetary": -100.0, "revenue_90": -50.0, "revenue_before_90": -10.0},
        {"recency": 0, "gap": 0.0},
        {"returned": 1.0, "products": 0},
        {"monetary": 1e15, "frequency": 10**9},
    ],
)
def test_odd_customers_get_numbers(odd: dict[str, Any]) -> None:
    cuts = [Cut(cut.as_of, cut.features.copy(), cut.future) for cut in planted_cuts()]
    for cut in cuts:
        cut.features.loc[:9, list(odd)] = list(odd.values())

    found = evaluated(cuts, models=[])
    for one in found.evaluations.values():
        assert np.isfinite([one.auc.value, one.brier, one.log_loss]).all()
    for table in found.scores.values():
        assert not table.isna().any(axis=None)
        assert table["probability"].between(0, 1).all()
        assert np.isfinite(table["at_risk"]).all()


@pytest.mark.slow
def test_a_missing_rhythm_leaves_no_hole() -> None:
    cuts = planted_cuts()
    for cut in cuts:
        cut.features["gap"] = np.where(cut.features.index % 2, np.nan, 30.0)

    for table in evaluated(cuts).scores.values():
        assert not table.isna().any(axis=None)


@pytest.mark.slow
def test_a_sudden_silence_is_told() -> None:
    train, test, now = planted_cuts()
    quiet = now.features.assign(recency=now.features["recency"] + 20)

    found = evaluated([train, test, Cut(TODAY, quiet)], models=["logistic"])

    assert "The last order is of Jan 11, 2026" in words(found)


def test_a_silence_that_may_be_luck_is_not_told() -> None:
    """Of two orders in 90 days, none in the last 20: (7/9)² = 0.6."""
    quiet = features(2, recency=[20, 30], sales_90=1, gap=5)

    found = evaluated([*the_same(1, 1)[:2], Cut(TODAY, quiet)])

    assert found.notes == ()


@pytest.mark.slow
def test_one_feature_alone_is_enough_for_every_model() -> None:
    """All others are the same for everybody."""
    cuts = the_same(400, 200, recency=range(400), tenure=800)

    found = evaluated(cuts, models=[])

    assert found.method == "model"
    assert set(found.importances["theme"]) == {"last_order"}
    for table in found.scores.values():
        assert not table.isna().any(axis=None)


@pytest.mark.slow
def test_words_alone_are_enough_for_every_model() -> None:
    cuts = the_same(400, 200, sector=["Schools"] * 250 + ["Hotels"] * 150)

    found = evaluated(cuts, models=[])

    assert found.method == "model"
    for table in found.scores.values():
        assert table["reason_1"].str.startswith("sector=").all()
        assert not table.isna().any(axis=None)


def test_an_unknown_model_is_refused_also_where_a_rule_will_do() -> None:
    with pytest.raises(Invalid, match="magic"):
        evaluated(the_same(10, 5, gap=10.0), models=["magic"])
