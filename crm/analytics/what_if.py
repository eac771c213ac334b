"""What if: a year ahead by a few assumptions, each a range, as a distribution.

The customers there are, thinned out by churn, and those won meanwhile, each there for
half a year on average. Those who had bought before the last year go on spending as they
did in it; those won in it, and those to come, spend as these did. What a price change
does to the volume follows a constant elasticity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

YEAR = timedelta(days=365)
DRAWS = 10_000
SEED = 7  # of the draws: the same assumptions give the same picture

Floats = npt.NDArray[np.float64]

TORNADO: Schema = {  # one row per assumption that is a range, the widest first
    "assumption": "str",
    "low": "float64",  # gross profit with it at its low end, the others in the middle
    "high": "float64",
}


@dataclass(frozen=True)
class Baseline:
    """The last year: customers that bought in it, and in the year before it.

    `won` bought for the first time, `lost` is the share of those of the year before
    that did not buy again, 0 to 1, None where nobody bought before; `revenue` is net,
    in the book currency, `revenue_won` that of those won.
    """

    customers: int
    customers_before: int
    won: int
    lost: float | None
    orders: int
    revenue: float
    revenue_won: float


@dataclass(frozen=True)
class Range:
    """What an assumption may come to: anything between, the middle likeliest."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Outcome:
    """Revenue and gross profit of the year ahead, book currency, one per draw.

    `middle` is the gross profit with every assumption in the middle of its range;
    `tornado` has it with one of them at an end, as in `TORNADO`.
    """

    revenue: Floats
    profit: Floats
    middle: float
    tornado: pd.DataFrame

    def percentiles(self, values: Floats) -> tuple[float, float, float]:
        """P10, P50 and P90."""
        low, middle, high = np.percentile(values, [10, 50, 90])
        return float(low), float(middle), float(high)


def baseline(orders: pd.DataFrame, *, as_of: date) -> Baseline:
    """The year up to and including `as_of`.

    Args:
        orders: as in `crm.frames.ORDERS`.
    """
    last, before, earlier = (pd.Timestamp(as_of - number * YEAR) for number in range(3))
    on = orders["ordered_on"]
    year = orders[(on > before) & (on <= last)]
    sales = orders[orders["kind"] == "sale"]
    bought = sales[(sales["ordered_on"] > before) & (sales["ordered_on"] <= last)]
    prior = sales[(sales["ordered_on"] > earlier) & (sales["ordered_on"] <= before)]
    now, then = set(bought["customer_id"]), set(prior["customer_id"])
    known = set(sales[sales["ordered_on"] <= before]["customer_id"])
    won = now - known
    return Baseline(
        customers=len(now),
        customers_before=len(then),
        won=len(won),
        lost=len(then - now) / len(then) if then else None,
        orders=len(bought),
        revenue=float(year["total"].sum()),
        revenue_won=float(year[year["customer_id"].isin(won)]["total"].sum()),
    )


def simulate(
    start: Baseline, assumed: Mapping[str, Range], *, draws: int = DRAWS
) -> Outcome:
    """The year ahead.

    Args:
        assumed: `price`, `volume` and `won`, changes as shares (0.1 is 10 % more);
            `elasticity`, percent of volume per percent of price; `churn`, the share
            lost in a year; `budget`, spent on winning customers, and
            `cost_per_customer`, both in the book currency; `margin`, the gross margin
            at today's prices, 0 to 1. Each triangular on its range.

    Raises:
        NotEnoughData: nothing was sold in the last year.
    """
    if start.customers == 0 or start.revenue <= 0:
        raise NotEnoughData(_("Nothing was sold in the last year."))
    rng = np.random.default_rng(SEED)
    drawn = {name: _drawn(rng, one, draws) for name, one in assumed.items()}
    revenue, profit = _year(start, drawn)
    middle = {
        name: np.array([one.middle], dtype="float64") for name, one in assumed.items()
    }
    rows = []
    for name, one in assumed.items():
        if one.low < one.high:
            ends = [
                _year(start, middle | {name: np.array([end], dtype="float64")})[1][0]
                for end in (one.low, one.high)
            ]
            rows.append((name, *ends))
    swing = sorted(rows, key=lambda row: -abs(row[2] - row[1]))
    likely = float(_year(start, middle)[1][0])
    return Outcome(revenue, profit, likely, typed(swing, TORNADO))


def _drawn(rng: np.random.Generator, one: Range, draws: int) -> Floats:
    if one.low >= one.high:
        return np.full(draws, one.low, dtype="float64")
    return rng.triangular(one.low, one.middle, one.high, draws)


def _year(start: Baseline, drawn: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Revenue and gross profit less the budget."""
    of_old, of_won = _a_year(start)
    cost = np.maximum(drawn["cost_per_customer"], 1e-9)
    to_win = start.won * (1 + drawn["won"]) + drawn["budget"] / cost
    there = of_old * (start.customers - start.won) + of_won * start.won
    price = 1 + drawn["price"]
    volume = (1 + drawn["volume"]) * price ** drawn["elasticity"]
    at_old_prices = (there * kept(drawn["churn"]) + of_won * to_win / 2) * volume
    profit = at_old_prices * (price - (1 - drawn["margin"])) - drawn["budget"]
    return at_old_prices * price, profit


def _a_year(start: Baseline) -> tuple[float, float]:
    """What one customer spends in a full year: of those from before, of those won."""
    years = start.customers_before * float(kept(start.lost or 0.0))
    of_won = start.revenue_won / (start.won / 2) if start.won else 0.0
    of_old = (start.revenue - start.revenue_won) / years if years else of_won
    return of_old, of_won if start.won else of_old


def kept(lost: Any) -> Floats:
    """The mean share of customers still there during a year that loses `lost`.

    Leaving at a constant rate: lost / -log(1 - lost), 1 where nobody leaves.
    """
    share = np.clip(np.asarray(lost, dtype="float64"), 0, 0.999999)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = share / -np.log1p(-share)
    return np.where(share > 0, mean, 1.0)
