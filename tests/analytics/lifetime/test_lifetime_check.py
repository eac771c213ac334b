"""Lifetime value held against what came: published hold-outs, sums by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm.analytics.lifetime import lifetime_check, lifetime_notes
from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.histories import WEEK
from crm.analytics.lifetime.lifetime_check import Check, Compared
from tests.analytics import buyers
from tests.analytics.buyers import LAST, LEARNED_ON, cdnow

PURCHASES = BgNbd(r=1, alpha=6, a=1, b=6)


@pytest.fixture(scope="module")
def check() -> Check:
    """Of CDNOW: 39 weeks to learn from, 39 weeks held out."""
    past = buyers.past(cdnow(), LEARNED_ON, LAST)
    return lifetime_check.judge(past, buyers.repeat_buyers(cdnow(), LAST), as_of=LAST)


@pytest.mark.slow
def test_the_conditional_total_of_cdnow_is_an_eighth_too_low(check: Check) -> None:
    assert (check.customers, check.days) == (2357, 39 * WEEK)
    assert check.purchases.error == pytest.approx(-0.12, abs=0.005)
    assert check.purchases.correlation == pytest.approx(0.626, abs=5e-4)


def test_cumulative_repeats_of_cdnow_come_near_at_week_78(check: Check) -> None:
    last = check.tracking.iloc[-1]

    assert last["day"] == pd.Timestamp(LAST)
    assert last["expected"] / last["actual"] - 1 == pytest.approx(-0.041, abs=5e-4)


def test_classes_of_cdnow_are_as_published(check: Check) -> None:
    first = check.classes.iloc[0]

    assert (first["x"], first["customers"]) == (0, 1411)
    assert first["expected"] == pytest.approx(0.225, abs=5e-4)
    assert first["actual"] == pytest.approx(0.237, abs=5e-4)
    assert check.classes["x"].tolist() == list(range(8))
    assert check.classes["customers"].sum() == 2357


def test_the_models_beat_more_of_the_same_on_cdnow(check: Check) -> None:
    assert check.revenue.correlation is not None
    assert check.as_before.correlation is not None
    assert check.revenue.correlation > check.as_before.correlation + 0.2
    assert abs(check.revenue.error or 9) < abs(check.as_before.error or 0)


def test_expected_repeats_of_customers_who_came_on_two_days() -> None:
    model, days = PURCHASES, np.array([3.0, 0, 0, 2, 0, 0])

    found = lifetime_check.expected_repeats(model, days)

    by_age = model.repeats(np.arange(6.0))
    assert found[5] == pytest.approx(3 * by_age[5] + 2 * by_age[2])


@pytest.mark.slow
def test_tracking_counts_repeats_week_by_week() -> None:
    """Of all that happened until the end of the week, by hand from the orders."""
    orders = cdnow()
    tracking = lifetime_check.judge(
        buyers.past(orders, LEARNED_ON, LAST),
        buyers.repeat_buyers(orders, LAST),
        as_of=LAST,
    ).tracking
    tenth = tracking.iloc[9]
    days = orders[orders["ordered_on"] <= tenth["day"]]
    days = days.drop_duplicates(["customer_id", "ordered_on"])

    assert tenth["day"] == pd.Timestamp("1997-03-12")  # 70 days after 1 January
    assert tenth["actual"] == len(days) - days["customer_id"].nunique()


@pytest.mark.parametrize(
    ("expected", "plain", "words"),
    [
        (80.0, 0.2, "20% less revenue"),
        (130.0, 0.2, "30% more revenue"),
        (100.0, 0.9, "came nearer"),
        (100.0, 0.2, ""),
    ],
)
def test_what_the_past_says_against_the_models(
    check: Check, expected: float, plain: float, words: str
) -> None:
    judged = replace(
        check,
        revenue=Compared(expected, 100.0, 0.5),
        as_before=Compared(100.0, 100.0, plain),
    )

    told = " ".join(str(note) for note in lifetime_notes.of_check(judged))

    assert words in told if words else told == ""


def test_nothing_that_came_has_no_error() -> None:
    assert Compared(5, 0, None).error is None
