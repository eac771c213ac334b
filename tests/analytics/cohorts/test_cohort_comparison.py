"""Two cohorts compared: published intervals, planted differences, and none."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.cohorts.cohort_comparison import compare
from crm.analytics.cohorts.cohorts import Question, Retention, ordinal, retention
from crm.analytics.shares import newcombe, two_shares
from crm.errors import NotEnoughData
from crm.frames import COHORT_CELLS, typed
from tests.analytics.cohort_house import followed, orders, people

DAY = date(2026, 6, 30)
JANUARY, FEBRUARY, MARCH = (
    ordinal(date(2026, month, 1), "month") for month in (1, 2, 3)
)


@pytest.mark.parametrize(
    ("shares", "interval"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
    ],
)
def test_intervals_of_a_difference_are_those_published(
    shares: tuple[int, ...], interval: tuple[float, float]
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table II, method 10."""
    assert newcombe(*shares) == pytest.approx(interval, abs=5e-5)


def test_two_shares_by_chi_squared() -> None:
    """39 × (10 × 15 − 5 × 10)² / (20 × 20 × 15 × 25) = 2.6, one degree of freedom."""
    assert two_shares(10, 20, 5, 20) == pytest.approx(0.10686, abs=1e-5)


def test_two_rare_shares_by_fisher() -> None:
    """0 and 3 of 20 and 5: 10 / 2,300 = (5 choose 3) / (25 choose 3)."""
    assert two_shares(0, 20, 3, 5) == pytest.approx(10 / 2300)


@pytest.mark.parametrize("events", [0, 20])
def test_nobody_and_everybody_are_alike(events: int) -> None:
    assert two_shares(events, 20, events, 20) == 1


def found(*chances: list[float], count: int = 300, **question: str) -> Retention:
    """Cohorts from January on, who come back by `chances`."""
    random = np.random.default_rng(4)
    rows = [
        row
        for n, mine in enumerate(chances)
        for row in people(1000 * n, count, f"2026-{n + 1:02}", mine, random)
    ]
    cells = followed(orders(rows), DAY).cells
    return retention(cells, Question(DAY, **question))  # type: ignore[arg-type]  # as asked


@pytest.mark.slow
def test_a_planted_difference_is_found_in_its_month_alone() -> None:
    told = compare(found([0.5, 0.4, 0.3, 0.3], [0.5, 0.2, 0.3, 0.3]), JANUARY, FEBRUARY)

    assert told.periods == [2]
    second = told.table.set_index("period").loc[2]
    assert second["low"] > 0
    assert second["low"] < 0.2 < second["high"]


@pytest.mark.parametrize("measure", ["customers", "revenue", "orders"])
@pytest.mark.slow
def test_the_others_are_all_but_the_one(measure: str) -> None:
    """March comes back less than January and February, who are alike."""
    three = found([0.5, 0.5], [0.5, 0.5], [0.2, 0.2], measure=measure)

    told = compare(three, MARCH)

    assert told.periods == [1, 2]
    assert (told.table["high"].head(2) < 0).all()
    assert told.table["second_customers"].tolist() == [600, 600, 600]


@pytest.mark.slow
def test_the_others_have_the_figures_of_the_only_other_one() -> None:
    two = found([0.5, 0.3], [0.4, 0.2], measure="revenue")

    others, other = compare(two, JANUARY), compare(two, JANUARY, FEBRUARY)

    columns = ["difference", "low", "high"]
    np.testing.assert_allclose(others.table[columns], other.table[columns])


@pytest.mark.slow
def test_the_running_month_is_not_compared() -> None:
    random = np.random.default_rng(1)
    rows = [
        *people(0, 50, "2026-04", [0.5, 0.5], random),
        *people(100, 50, "2026-05", [0.5], random),
    ]
    day = date(2026, 6, 29)
    late = retention(followed(orders(rows), day).cells, Question(day))
    may = ordinal(date(2026, 5, 1), "month")

    with pytest.raises(NotEnoughData, match="no period"):
        compare(late, may - 1, may)


@pytest.mark.slow
def test_less_than_twenty_customers_are_not_compared() -> None:
    with pytest.raises(NotEnoughData, match="at least 20"):
        compare(found([0.5, 0.3], [0.4, 0.2], count=19), JANUARY, FEBRUARY)


@pytest.mark.slow
def test_only_the_periods_that_are_asked_for_are_judged() -> None:
    two = found([0.5, 0.4, 0.3, 0.3], [0.5, 0.2, 0.3, 0.3])

    assert compare(two, JANUARY, FEBRUARY, most=1).table["period"].tolist() == [1]


@pytest.mark.slow
def test_alike_cohorts_seldom_differ_anywhere() -> None:
    """At most 5 % by construction; of 40 pairs, more than 6 but once in 300 times."""
    random = np.random.default_rng(7)
    pairs = (alike(random) for _pair in range(40))

    alarms = sum(bool(compare(one, JANUARY, FEBRUARY).periods) for one in pairs)

    assert alarms <= 6


def alike(random: np.random.Generator) -> Retention:
    """Two cohorts of 60, of whom 30 % come back in each of five months, by chance."""
    rows = [
        {
            "unit": "month",
            "grouping": "all",
            "code": 0,
            "early": False,
            "cohort": f"2026-0{month}-01",
            "period": period,
            "active": random.binomial(60, 0.3) if period else 60,
        }
        for month in (1, 2)
        for period in range(7 - month)
    ]
    table = pd.DataFrame(rows).reindex(columns=list(COHORT_CELLS), fill_value=0)
    return retention(typed(table, COHORT_CELLS), Question(DAY))
