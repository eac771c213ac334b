"""How far what customers bring may lie from what is expected: by simulation.

Each draw takes the parameters of one of the repeated fits, decides whether the
customer is still there, how often it buys before it leaves or the horizon ends, and
how much each time. So its spread holds both how little the parameters are known and
what chance does once they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.lifetime.bg_nbd import WEEKS_A_YEAR, BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.histories import WEEK, Histories

Floats = npt.NDArray[np.float64]

DRAWS = 4  # of each customer for each pair of fits
PIECE = 20_000  # customers at once
LEVEL = (5, 95)  # percentiles: 90 % lie within


@dataclass(frozen=True)
class Range:
    """An estimate with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Spent:
    """What customers are known for: histories, and mean sales of `days` days each."""

    known: Histories
    days: Floats
    mean: Floats


@dataclass(frozen=True)
class Ahead:
    """What is asked: the coming `days`, discounted by an annual rate (0.1 is 10 %).

    `kept` is the share of sales that is not sent back.
    """

    days: int
    annual_rate: float
    kept: float


@dataclass(frozen=True)
class Spread:
    """Ends of the 90 % interval of each customer, and of the total of all."""

    low: Floats
    high: Floats
    total: tuple[float, float]


def spread(
    spent: Spent,
    ahead: Ahead,
    fits: Sequence[tuple[BgNbd, GammaGamma]],
    rng: np.random.Generator,
    on_progress: Callable[[float], None] = lambda _share: None,
) -> Spread:
    """Simulate every customer `DRAWS` times by each of the fits."""
    count = len(spent.days)
    low, high = np.zeros(count), np.zeros(count)
    totals = np.zeros(DRAWS * len(fits))
    alive = [purchases.alive(spent.known) for purchases, _values in fits]
    for piece in _pieces(count):
        drawn = np.concatenate(
            [
                _drawn(spent, ahead, fit, chance, piece, rng)
                for fit, chance in zip(fits, alive, strict=True)
            ]
        )
        low[piece], high[piece] = np.percentile(drawn, LEVEL, axis=0)
        totals += drawn.sum(axis=1)
        on_progress(piece.stop / count)
    ends = np.percentile(totals, LEVEL)
    return Spread(low, high, (float(ends[0]), float(ends[1])))


def _pieces(count: int) -> Iterator[slice]:
    for start in range(0, count, PIECE):
        yield slice(start, min(start + PIECE, count))


def _drawn(
    spent: Spent,
    ahead: Ahead,
    fit: tuple[BgNbd, GammaGamma],
    alive: Floats,
    piece: slice,
    rng: np.random.Generator,
) -> Floats:
    """Discounted amounts: `DRAWS` rows, a column for each customer of the piece.

    Purchases arrive at a constant rate until one of them is the last; so there are as
    many as come, or as it takes to leave, whichever is fewer. All are discounted as
    if made at their mean moment.
    """
    purchases, values = fit
    rows = spent.known.rows[piece]
    there = rng.random((DRAWS, len(rows))) < alive[rows]
    draw, who = np.nonzero(there)
    x, age = spent.known.x[rows[who]], spent.known.age[rows[who]] / WEEK
    weeks = ahead.days / WEEK
    rate = rng.standard_gamma(purchases.r + x) / (purchases.alpha + age)
    come = rng.poisson(rate * weeks)

    buys = come > 0
    draw, who, x, come = draw[buys], who[buys], x[buys], come[buys]
    leave = np.clip(rng.beta(purchases.a, purchases.b + x), 1e-12, 1)
    made = np.minimum(come, rng.geometric(leave))
    amount = _amounts(spent, values, (piece, who), made, rng)
    years = weeks / WEEKS_A_YEAR * (made + 1) / (2 * (come + 1))
    amount *= ahead.kept * (1 + ahead.annual_rate) ** -years
    result = np.zeros(there.shape)
    result[draw, who] = amount
    return result


def _amounts(
    spent: Spent,
    values: GammaGamma,
    at: tuple[slice, npt.NDArray[np.intp]],
    made: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Floats:
    """What so many purchases of these customers are worth together."""
    piece, who = at
    days, mean = spent.days[piece][who], np.maximum(spent.mean[piece][who], 0)
    level = rng.standard_gamma(values.q + values.p * days)
    scale = (values.gamma + days * mean) / level
    together: Floats = rng.standard_gamma(values.p * made) * scale
    return together
