"""Service contracts for coffee machines: who has one, since when, and until when."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.calendar import DAYS_A_YEAR

FIRST_NUMBER = 1_001
SHARE = 0.6  # of the companies
MACHINES = {  # what the contract is for; its price by the month in euro
    "Bean-to-cup machine Vapore Auto": 69.0,
    "Espresso machine Vapore Due": 49.0,
    "Filter coffee machine Calma 10": 19.0,
    "Water boiler, 10 l": 15.0,
}
WEIGHTS = (0.4, 0.35, 0.15, 0.1)
PERIODS = {"monthly": 1, "quarterly": 3, "yearly": 12}  # months, which are the term too
OFTEN = (0.35, 0.2, 0.45)
REASONS = ("price", "competitor", "no_need", "service", "closed", "other")
WHY = (0.28, 0.22, 0.2, 0.14, 0.06, 0.1)
WAIT = 500  # days from the first acquaintance to the contract, on average
NOTICE = 60  # days, at most, from the cancellation to the last day
MOVES = {"none": 0.5, "dearer": 0.28, "more": 0.14, "less": 0.08}
SETTLED = 45  # days, at least, from the start to another price
CENTS = 100  # ten-thousandths of a euro


def draw_subscriptions(
    customers: pd.DataFrame, products: pd.DataFrame, today: date, rng: Any
) -> pd.DataFrame:
    """The contracts as they stand on the morning of `today`, by their start.

    Args:
        customers: `external_id`, `source`, `created_on` of the companies.

    Returns:
        `crm.demo.company.SUBSCRIPTIONS`.
    """
    now, count = np.datetime64(today, "D"), len(customers)
    drawn = _drawn(customers, rng)  # of all, so that another day changes little
    gone = drawn["cancelled_on"] < now
    has = (rng.random(count) < SHARE) & (drawn["starts_on"] < now)
    drawn["sku"] = products.set_index("name")["sku"].loc[drawn["machine"]].to_numpy()
    drawn["cancel_reason"] = np.where(gone, rng.choice(REASONS, count, p=WHY), "")
    until = drawn["ends_on"].where(gone & (drawn["ends_on"] < now), now)
    ended = {name: drawn[name].where(gone) for name in ("cancelled_on", "ends_on")}
    table = _moved(drawn.assign(**ended), until, rng)[has]
    table = table.sort_values("starts_on", kind="stable", ignore_index=True)
    number = "SV-" + pd.Series(np.arange(len(table)) + FIRST_NUMBER).astype("str")
    return table.assign(number=number, name="Service: " + table["machine"])


def _drawn(customers: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """A contract of every customer, from its start to its end."""
    count = len(customers)
    known = customers["created_on"].to_numpy().astype("datetime64[D]")
    start = known + rng.exponential(WAIT, count).astype(int)
    period = rng.choice(list(PERIODS), count, p=OFTEN)
    rate = hazard(customers["source"].to_numpy(), period)
    end = start + np.floor(rng.exponential(DAYS_A_YEAR / rate)).astype(int)
    table = pd.DataFrame(
        {
            "customer_external_id": customers["external_id"].to_numpy(),
            "machine": rng.choice(list(MACHINES), count, p=WEIGHTS),
            "starts_on": start,
            "ends_on": end,
            "cancelled_on": np.maximum(end - rng.integers(0, NOTICE, count), start),
            "period": period,
            "quantity": 1 + rng.poisson(0.5, count),
        }
    )
    return table.assign(price=_price(table))


def hazard(source: Any, period: Any) -> Any:
    """Ends a year and contract."""
    rate = np.full(len(source), truths.ENDS_A_YEAR)
    for (field, level), ratio in truths.ENDS_SOONER.items():
        values = source if field == "source" else period
        rate = rate * np.where(values == level, ratio, 1.0)
    return rate


def _price(table: pd.DataFrame) -> Any:
    """For one machine and period, in ten-thousandths of a euro; a year is cheaper."""
    months = table["period"].map(PERIODS)
    rebate = table["period"].map({"monthly": 1.0, "quarterly": 0.97, "yearly": 0.9})
    euro = table["machine"].map(MACHINES) * months * rebate
    return (euro * 100).round().astype("int64") * CENTS


def _moved(table: pd.DataFrame, until: Any, rng: Any) -> pd.DataFrame:
    """With at most one other price or number of machines, agreed later on."""
    what = rng.choice(list(MOVES), len(table), p=list(MOVES.values()))
    room = (until - table["starts_on"]).dt.days
    what = np.where(room > SETTLED + 1, what, "none")
    wait = SETTLED + (rng.random(len(table)) * (room - SETTLED)).clip(lower=0)
    on = table["starts_on"] + pd.to_timedelta(np.floor(wait), unit="D")
    factor = np.select([what == "dearer", what == "less"], [1.05, 0.85], 1.0)
    cents = (table["price"] / CENTS * factor).round().astype("int64")
    return table.assign(
        later_from=on.where(what != "none"),
        later_price=cents * CENTS,
        later_quantity=table["quantity"] + (what == "more"),
    )
