"""How the business goes: revenue and orders by month, and lately against before."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from crm.frames import Schema, typed

MONTHS: Schema = {  # one row per month, oldest first, those without orders too
    "month": "datetime64[s]",  # its first day
    "revenue": "float64",  # sales less returns and cancellations, base currency
    "orders": "int64",  # sales
    "customers": "int64",  # distinct, with a sale in the month
}


@dataclass(frozen=True)
class Lately:
    """Figures of the last `days` days up to and including a day, and of those before.

    `revenue` is net, in base currency; `orders` are sales, `customers` who bought.
    """

    days: int
    revenue: float
    orders: int
    customers: int
    revenue_before: float
    orders_before: int
    customers_before: int


def monthly(orders: pd.DataFrame, *, as_of: date, months: int = 24) -> pd.DataFrame:
    """Rows as in `MONTHS`: the `months` up to the month of `as_of`, which may be young.

    Args:
        orders: as in `crm.frames.ORDERS`.
    """
    last = pd.Timestamp(as_of).to_period("M")
    every = pd.period_range(end=last, periods=months, freq="M")
    known = orders[orders["ordered_on"] <= pd.Timestamp(as_of)]
    known = known.assign(month=known["ordered_on"].dt.to_period("M"))
    sales = known[known["kind"] == "sale"].groupby("month")
    table = pd.DataFrame(
        {
            "revenue": known.groupby("month")["total"].sum(),
            "orders": sales["order_id"].count(),
            "customers": sales["customer_id"].nunique(),
        }
    ).reindex(every, fill_value=0)
    table = table.fillna(0)  # months of returns alone have no sales
    named = table.assign(month=every.to_timestamp()).reset_index(drop=True)
    return typed(named, MONTHS)


def lately(orders: pd.DataFrame, *, as_of: date, days: int = 30) -> Lately:
    """The last `days` days up to `as_of`, and as many before them.

    Args:
        orders: as in `crm.frames.ORDERS`.
    """
    now = _figures(orders, as_of, days)
    before = _figures(orders, as_of - timedelta(days=days), days)
    return Lately(days, *now, *before)


def _figures(orders: pd.DataFrame, last: date, days: int) -> tuple[float, int, int]:
    on = orders["ordered_on"]
    first = pd.Timestamp(last - timedelta(days=days))
    within = orders[(on > first) & (on <= pd.Timestamp(last))]
    sales = within[within["kind"] == "sale"]
    return float(within["total"].sum()), len(sales), sales["customer_id"].nunique()
