"""Whom to act on, when acting costs money and a kept customer is worth some.

The profit of acting on a customer is, seen afterwards, keep × worth - cost for who
left, and -cost for who stayed anyway. It is added up over customers whose outcome is
known, from the likeliest leaver on.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.ranking import Interval
from crm.frames import Schema, typed

CURVE: Schema = {  # one row per percent, from acting on everybody to on nobody
    "threshold": "float64",  # act on who is as likely to leave, or likelier
    "customers": "int64",
    "profit": "float64",  # in the currency of the worths
}
STEPS = 101  # thresholds 0, 0.01 … 1, and above them all: nobody
RESAMPLES = 200
SEED = 0

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Costs:
    """What acting on one customer costs, and the chance (0 to 1) to keep a leaver."""

    action: float
    keep: float


@dataclass(frozen=True)
class Profit:
    """What acting would have brought, by the line that is drawn.

    Attributes:
        curve: as in `CURVE`.
        best: the threshold of the highest profit, with its interval; above 1 where it
            is best to act on nobody.
        profit: of that threshold; its interval is that of choosing anew each time.
        everybody: profit of acting on all; on nobody it is 0.
        by_worth: profit of acting, without any line, on whom probability × keep ×
            worth says is worth more than acting costs.
        elsewhere: profit of a threshold chosen on one half of the customers and
            counted on the other, both ways: the honest figure.
        customers: how many there are, and how many to act on at `best`.
    """

    curve: pd.DataFrame
    best: Interval
    profit: Interval
    everybody: float
    by_worth: float
    elsewhere: float
    customers: tuple[int, int]


def profit(churned: Events, p: Floats, worth: Floats, costs: Costs) -> Profit:
    """The curve, and the best line to draw.

    Args:
        churned, p: what came, and its probability; one or more customers.
        worth: of each customer, were it kept.
    """
    step = np.floor(p * 100 + 1e-9).astype(int).clip(0, STEPS - 1)
    gain = np.where(churned, costs.keep * worth, 0.0) - costs.action
    totals = _totals(step, gain)
    at = _best(totals)
    counts = _totals(step, np.ones(len(p)))
    bests, profits = _resampled(step, gain)
    table = typed(
        dict(zip(CURVE, (np.arange(STEPS + 1) / 100, counts, totals), strict=True)),
        CURVE,
    )
    return Profit(
        table,
        Interval(at / 100, *_ends(bests / 100)),
        Interval(float(totals[at]), *_ends(profits)),
        float(totals[0]),
        float(gain[p * costs.keep * worth > costs.action].sum()),
        _elsewhere(step, gain),
        (len(p), int(counts[at])),
    )


def _totals(step: npt.NDArray[np.int64], gain: Floats) -> Floats:
    """Of all at or above each step; the last is of nobody."""
    by_step = np.bincount(step, weights=gain, minlength=STEPS)
    return np.append(by_step[::-1].cumsum()[::-1], 0.0)


def _best(totals: Floats) -> int:
    """The highest profit's step; of equal ones that with the fewest customers."""
    return int(len(totals) - 1 - np.argmax(totals[::-1].round(6)))


def _resampled(step: npt.NDArray[np.int64], gain: Floats) -> tuple[Floats, Floats]:
    """Best steps and their profits when the customers are drawn anew."""
    random = np.random.default_rng(SEED)
    found = np.empty((RESAMPLES, 2))
    for number in range(RESAMPLES):
        drawn = random.integers(0, len(step), len(step))
        totals = _totals(step[drawn], gain[drawn])
        at = _best(totals)
        found[number] = at, totals[at]
    return found[:, 0], found[:, 1]


def _elsewhere(step: npt.NDArray[np.int64], gain: Floats) -> float:
    """Both halves together are all the customers, so that it compares with `profit`."""
    half = np.random.default_rng(SEED).permutation(len(step)) % 2 == 0
    first, second = (_totals(step[part], gain[part]) for part in (half, ~half))
    return float(second[_best(first)] + first[_best(second)])


def _ends(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
