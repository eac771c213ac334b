"""Customers as of a day for tests: made up, from orders, or from published files."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.churn import churn
from crm.analytics.churn.churn import Cut
from crm.frames import CHURN_FEATURES, FUTURE, typed

ASKED = ("tickets", "tickets_90", "tickets_before_90", "open_problems")
DATA = Path(__file__).parents[2] / "../shared/data"


def features(count: int, **columns: Any) -> pd.DataFrame:
    """`count` customers with one sale of 100 ten days ago, unless told otherwise."""
    defaults = {
        "customer_id": range(1, count + 1),
        "first_on": "2026-01-21",
        "last_on": "2026-01-21",
        "recency": 10,
        "tenure": 10,
        "frequency": 1,
        "monetary": 100.0,
        "revenue": 100.0,
        "products": 1,
        "returned": 0.0,
        "gap": np.nan,
        "sales_90": 1,
        "sales_before_90": 0,
        "revenue_90": 100.0,
        "revenue_before_90": 0.0,
        "repeats": 0,
        **dict.fromkeys(ASKED, 0),
        "kind": "company",
        "country": "",
        "sector": "",
        "source": "",
    }
    return typed(pd.DataFrame(defaults | columns, index=range(count)), CHURN_FEATURES)


def future(customer_ids: Any) -> pd.DataFrame:
    """These customers buy again."""
    rows = {"customer_id": list(customer_ids), "sales": 1, "revenue": 50.0}
    return typed(pd.DataFrame(rows), FUTURE)


def as_of(orders: pd.DataFrame, day: date) -> pd.DataFrame:
    """The features of all buyers on `day`, from orders up to and including it.

    Args:
        orders: `customer_id`, `ordered_on`, `total`, `units`.
    """
    today = pd.Timestamp(day)
    past = orders[orders["ordered_on"] <= today]
    by_customer = past.groupby("customer_id")
    table = pd.DataFrame(
        {
            "first_on": by_customer["ordered_on"].min(),
            "last_on": by_customer["ordered_on"].max(),
            "frequency": by_customer.size(),
            "monetary": by_customer["total"].mean(),
            "revenue": by_customer["total"].sum(),
            "products": by_customer["units"].sum(),
            "returned": 0.0,
            "repeats": by_customer["ordered_on"].nunique() - 1,
            "kind": "company",
            "country": "",
            "sector": "",
            "source": "",
        }
    )
    table["recency"] = (today - table["last_on"]).dt.days
    table["tenure"] = (today - table["first_on"]).dt.days
    gap = (table["tenure"] - table["recency"]) / (table["frequency"] - 1).clip(lower=1)
    table["gap"] = gap.where(table["frequency"] > 1)
    age = (today - past["ordered_on"]).dt.days
    for name, part in (("90", age < 90), ("before_90", (age >= 90) & (age < 180))):
        totals = past[part].groupby("customer_id")["total"]
        table[f"sales_{name}"] = totals.size().reindex(table.index, fill_value=0)
        table[f"revenue_{name}"] = totals.sum().reindex(table.index, fill_value=0)
    table = table.assign(**dict.fromkeys(ASKED, 0))
    return typed(table.reset_index(), CHURN_FEATURES)


def after(orders: pd.DataFrame, day: date, horizon: int) -> pd.DataFrame:
    """Who bought in the `horizon` days after `day`."""
    age = (orders["ordered_on"] - pd.Timestamp(day)).dt.days
    by_customer = orders[(age > 0) & (age <= horizon)].groupby("customer_id")["total"]
    table = pd.DataFrame({"sales": by_customer.size(), "revenue": by_customer.sum()})
    return typed(table.reset_index(), FUTURE)


def cuts(orders: pd.DataFrame, day: date, horizon: int) -> list[Cut]:
    """To learn, to judge, and to score as of `day`."""
    return [
        Cut(cut, as_of(orders, cut), after(orders, cut, horizon))
        for cut in churn.days(day, horizon)
    ]


@cache
def cdnow() -> pd.DataFrame:
    """All purchases of the CDNOW cohort, January 1997 to June 1998."""
    names = {"date": "ordered_on", "spend": "total"}
    file = _file("cdnow_orders.csv")
    return pd.read_csv(file, parse_dates=["date"]).rename(columns=names)


@cache
def retail_lines() -> pd.DataFrame:
    """Three months of a web shop: sales to known customers, from December 2010."""
    file = _file("retail_orders_2010-12_to_2011-02.csv")
    lines = pd.read_csv(file, dtype={"InvoiceNo": "str"}).dropna(subset="CustomerID")
    lines = lines[~lines["InvoiceNo"].str.startswith("C") & (lines["Quantity"] > 0)]
    lines["ordered_on"] = pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
    lines["customer_id"] = lines["CustomerID"].astype("int64")
    return lines


def retail() -> pd.DataFrame:
    """The same as sales."""
    lines = retail_lines()
    lines["total"] = lines["Quantity"] * lines["UnitPrice"]
    return lines.groupby(["customer_id", "InvoiceNo"], as_index=False).agg(
        ordered_on=("ordered_on", "max"),
        total=("total", "sum"),
        units=("StockCode", "nunique"),
    )


def _file(name: str) -> Path:
    if not (path := DATA / name).exists():
        pytest.skip(f"needs ../shared/data/{name}")
    return path
