"""Opportunities that are not open yet: how many come, and are won in time.

Counts of whole past months give the rate and how much more they differ than chance
alone would have it (quasi-Poisson); both the rate and the counts are drawn. A share of
them, as of all, is won, after the time that won ones took, for amounts that won ones
brought. Growth and season are not looked at.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.deals.sales_slip import Deck

MONTHS = 12  # of the past that count
BLOCK = 4_000_000  # amounts drawn at once

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Arrivals:
    """What is opened in a whole month, as the last months had it.

    `spread` is variance / mean of the counts, 1 where chance explains them.
    """

    opened: int
    months: int
    spread: float

    @property
    def mean(self) -> float:
        return self.opened / self.months if self.months else 0.0

    def rates(self, draws: int, rng: np.random.Generator) -> Floats:
        """What the mean may be in truth."""
        if not self.opened:
            return np.zeros(draws)
        shape = self.opened / self.spread
        return rng.gamma(shape, self.spread / self.months, draws)


def arrivals(
    opened_on: pd.Series, begun: pd.Timestamp, moment: pd.Timestamp
) -> Arrivals:
    """The whole months up to `moment`, `MONTHS` of them, from that of `begun` on."""
    last = moment.to_period("M") - 1
    first = max(begun.to_period("M"), last - (MONTHS - 1))
    if first > last:
        return Arrivals(0, 0, 1.0)
    every = pd.period_range(first, last, freq="M")
    counts = opened_on.dt.to_period("M").value_counts().reindex(every, fill_value=0)
    mean = counts.mean()
    even = len(counts) < 3 or mean == 0
    spread = 1.0 if even else max(1.0, float(counts.var(ddof=1)) / mean)
    return Arrivals(int(counts.sum()), len(counts), spread)


def in_time(cycle: Deck, month_of: npt.NDArray[np.int64]) -> Floats:
    """Of what is won of a month's new ones, the share that is won in each month.

    Returns:
        One row per month of opening, one column per month of winning; a row adds up
        to less than 1 where some are won later than the horizon.
    """
    months = int(month_of[-1]) + 1
    takes = np.maximum(cycle.offsets, 0)
    found = np.zeros((months, months))
    for day, month in enumerate(month_of):
        closes = (day + takes).astype(np.int64)
        inside = month_of[closes[closes < len(month_of)]]
        found[month] += np.bincount(inside, minlength=months) / len(takes)
    days: Floats = np.bincount(month_of, minlength=months).astype("float64")
    return found / days[:, None]


def simulate(
    coming: Arrivals,
    chance: Floats,
    cycle: Deck,
    amounts: Floats,
    month_of: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Floats:
    """What new ones bring, base currency: one row per future, one column per month.

    Args:
        chance: to be won in the end, one for each future.
        amounts: what won ones brought, each as likely as the other.
    """
    draws, months = len(chance), int(month_of[-1]) + 1
    totals = np.zeros(draws * months)
    if not (coming.opened and len(amounts)):
        return totals.reshape(draws, months)
    length = np.bincount(month_of, minlength=months) / (365.25 / 12)
    rates = coming.rates(draws, rng)[:, None] * length
    opened = _uneven(rates, coming.spread, rng)
    wins = rng.poisson(opened @ in_time(cycle, month_of) * chance[:, None]).ravel()
    _add_amounts(totals, wins, amounts, rng)
    return totals.reshape(draws, months)


def _uneven(rates: Floats, spread: float, rng: np.random.Generator) -> Any:
    """Means of the counts, so that these differ as much as they did."""
    extra = spread - 1
    return rng.gamma(rates / extra, extra) if extra > 0.01 else rates


def _add_amounts(
    totals: Floats, wins: Any, amounts: Floats, rng: np.random.Generator
) -> None:
    """To each cell the sum of so many amounts, drawn in blocks of cells."""
    ends = np.cumsum(wins)
    start = 0
    while start < len(wins):
        base = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, base + BLOCK, side="right")), start + 1)
        cells = np.repeat(np.arange(stop - start), wins[start:stop])
        worth = amounts[rng.integers(0, len(amounts), len(cells))]
        totals[start:stop] = np.bincount(cells, worth, stop - start)
        start = stop
