"""Histories of purchases for tests: from orders, from published files, made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm.analytics.lifetime.bg_nbd import BgNbd
from crm.analytics.lifetime.gamma_gamma import GammaGamma
from crm.analytics.lifetime.histories import Histories
from crm.analytics.lifetime.lifetime_check import Past
from crm.frames import REPEAT_BUYERS, REPEAT_DAYS, typed

DATA = Path(__file__).parents[2] / "../shared/data"
LEARNED_ON, LAST = date(1997, 9, 30), date(1998, 6, 30)  # of the CDNOW study


@cache
def cdnow(file: str = "cdnow_sample_orders.csv") -> pd.DataFrame:
    """Purchases of the CDNOW cohort: `customer_id`, `ordered_on`, `total`."""
    if not (path := DATA / file).exists():
        pytest.skip(f"needs ../shared/data/{file}")
    table = pd.read_csv(path, parse_dates=["date"])
    return table.rename(columns={"date": "ordered_on", "spend": "total"})


def repeat_buyers(orders: pd.DataFrame, day: date) -> pd.DataFrame:
    """As in `REPEAT_BUYERS`, from sales up to and including the day."""
    today = pd.Timestamp(day)
    past = orders[orders["ordered_on"] <= today]
    days = past.groupby(["customer_id", "ordered_on"], as_index=False)["total"].sum()
    by_customer = days.groupby("customer_id")
    first, last = by_customer["ordered_on"].min(), by_customer["ordered_on"].max()
    table = pd.DataFrame(
        {
            "x": by_customer.size() - 1,
            "t_x": (last - first).dt.days,
            "T": (today - first).dt.days,
            "value": by_customer["total"].mean(),
            "revenue": by_customer["total"].sum(),
        }
    )
    return typed(table.reset_index(), REPEAT_BUYERS)


def repeat_days(orders: pd.DataFrame, day: date, cohort: date) -> pd.DataFrame:
    """As in `REPEAT_DAYS`."""
    past = orders[orders["ordered_on"] <= pd.Timestamp(day)]
    days = past[["customer_id", "ordered_on"]].drop_duplicates()
    first = days.groupby("customer_id")["ordered_on"].transform("min")
    days = days.assign(first=days["ordered_on"] == first)[first <= pd.Timestamp(cohort)]
    table = days.assign(repeats=~days["first"]).groupby("ordered_on")
    counts = table[["first", "repeats"]].sum()
    return typed(counts.rename_axis("day").reset_index(), REPEAT_DAYS)


def past(orders: pd.DataFrame, learned_on: date, as_of: date) -> Past:
    """The customers of that day, and what came of them."""
    earlier = learned_on - (as_of - learned_on)
    return Past(
        learned_on,
        repeat_buyers(orders, learned_on),
        repeat_buyers(orders, earlier),
        repeat_days(orders, as_of, learned_on),
    )


def history(x: int, t_x: int, age: int) -> Histories:
    """That of one customer, in days."""
    one = (np.array([value]) for value in (x, t_x, age, 1, 0))
    return Histories(*one)


@dataclass(frozen=True)
class Planted:
    """Sales of customers who do as models say, as `cdnow` gives them.

    `sales` go on for `horizon` days after `as_of`; customers are numbered from 1 on.
    """

    sales: pd.DataFrame
    as_of: date
    horizon: int

    @property
    def buyers(self) -> pd.DataFrame:
        return repeat_buyers(self.sales, self.as_of)

    def past(self, days: int = 180) -> Past:
        return past(self.sales, self.as_of - timedelta(days=days), self.as_of)

    def revenue_after(self) -> pd.Series:
        """What each customer brings in the horizon, by id."""
        later = self.sales[self.sales["ordered_on"] > pd.Timestamp(self.as_of)]
        brought = later.groupby("customer_id")["total"].sum()
        return brought.reindex(self.buyers["customer_id"], fill_value=0.0)


def planted(
    count: int,
    purchases: BgNbd,
    spend: GammaGamma,
    *,
    seed: int = 1,
    days: int = 540,
    horizon: int = 365,
) -> Planted:
    """Customers come in over the first half of the `days` up to 31 January 2026."""
    as_of = date(2026, 1, 31)
    rng = np.random.default_rng(seed)
    rate = rng.gamma(purchases.r, 1 / purchases.alpha, count) / 7  # a day
    leave = rng.beta(purchases.a, purchases.b, count)
    level = spend.gamma / rng.gamma(spend.q, 1, count)
    there, customer = rng.integers(0, days // 2, count) + 0.5, np.arange(count)
    parts = []
    while len(customer):
        parts.append(pd.DataFrame({"customer_id": customer + 1, "at": there}))
        is_first = len(parts) == 1
        stays = is_first | (rng.random(len(customer)) >= leave[customer])
        there, customer = there[stays], customer[stays]
        there = there + rng.exponential(1 / rate[customer])
        inside = there < days + horizon
        there, customer = there[inside], customer[inside]
    sales = pd.concat(parts).sort_values(["customer_id", "at"], ignore_index=True)
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days - 1)
    sales["ordered_on"] = start + pd.to_timedelta(sales["at"].astype(int), unit="D")
    own = level[sales["customer_id"] - 1]
    sales["total"] = rng.gamma(spend.p, 1, len(sales)) * own
    return Planted(sales[["customer_id", "ordered_on", "total"]], as_of, horizon)
