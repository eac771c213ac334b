"""Chances of stages, against figures worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals.sales_book import UNKNOWN
from crm.analytics.deals.sales_chances import WEIGHT, chances


def spells(*rows: tuple[int, float, str]) -> pd.DataFrame:
    """Stage, days, state; each also as its whole way."""
    every = [*rows, *((UNKNOWN, days, state) for _stage, days, state in rows)]
    return pd.DataFrame(every, columns=["stage_id", "days", "state"])


def of(found: object, stage: int, age: float) -> float:
    return float(found.of(pd.Series([stage]), pd.Series([age]))[0])  # type: ignore[attr-defined]


def test_without_open_ones_it_is_won_by_closed_smoothed() -> None:
    rows = [(1, n + 1.0, "won") for n in range(30)]
    rows += [(1, n + 1.0, "lost") for n in range(10)]
    rows += [(2, n + 1.0, "lost") for n in range(60)]

    found = chances(spells(*rows))

    whole = (1 + 30) / (2 + 100)
    table = found.table.set_index("stage_id")
    assert table.loc[UNKNOWN, "chance"] == pytest.approx(whole)
    assert table.loc[1, "chance"] == pytest.approx((10 * whole + 30) / (10 + 40))
    assert table.loc[2, "chance"] == pytest.approx(10 * whole / (10 + 60))
    assert found.usual(77) == pytest.approx(whole)  # a stage without a past
    assert table.loc[1, ["closed", "won", "still_open"]].tolist() == [40, 30, 0]


def test_what_is_open_counts_as_far_as_it_has_come() -> None:
    """Four: won on day 1, open since day 2, lost on day 3, won on day 4.

    By hand: a quarter on day 1; then 3/4 are left, half of two at risk goes on day 3,
    the rest is won on day 4: 1/4 + 3/4 × 1/2.
    """
    rows = [(1, 1.0, "won"), (1, 2.0, "open"), (1, 3.0, "lost"), (1, 4.0, "won")]

    way = chances(spells(*rows)).ways[1]

    assert way.won[-1] == pytest.approx(0.625)
    share, longer = way.chance(np.array([0.0]))
    assert (share[0], longer[0]) == (pytest.approx(0.625), 4)


def test_who_stays_long_has_the_chance_of_those_who_stayed_as_long() -> None:
    rows = [(1, 10.0, "won")] * 50 + [(1, 60.0, "lost")] * 50

    found = chances(spells(*rows))

    assert of(found, 1, 0) == pytest.approx(0.5, abs=0.01)
    assert of(found, 1, 30) == pytest.approx(WEIGHT * 0.5 / (WEIGHT + 50), abs=0.01)
    # none went beyond 60 days: as the last ones that did
    assert of(found, 1, 5000) == of(found, 1, 59)


@pytest.mark.parametrize(("state", "low", "high"), [("won", 0.9, 1), ("lost", 0, 0.1)])
def test_all_or_none_is_not_quite_certain(state: str, low: float, high: float) -> None:
    found = chances(spells(*[(1, 5.0, state)] * 40))

    assert low < of(found, 1, 0) < high
    shifts = found.shifts([1, UNKNOWN], 200, np.random.default_rng(1))
    assert np.isfinite(shifts[1]).all()
    assert np.isfinite(shifts[UNKNOWN]).all()


def test_few_leave_more_in_doubt_than_many() -> None:
    def spread(count: int) -> float:
        half = count // 2
        rows = [(1, 5.0, "won")] * half + [(1, 5.0, "lost")] * half
        shifts = chances(spells(*rows)).shifts([1], 4000, np.random.default_rng(1))[1]
        return float(np.std(shifts / (1 + shifts)))

    assert spread(20) == pytest.approx(np.sqrt(0.25 / 31), rel=0.3)
    assert spread(2000) < spread(20) / 3
