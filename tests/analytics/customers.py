"""Tables of buyers for tests: sensible defaults, and the columns a test is about."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.frames import BUYERS, typed

RETAIL = (
    Path(__file__).parents[2] / "../shared/data/retail_orders_2010-12_to_2011-02.csv"
)


def buyers(count: int, **columns: Any) -> pd.DataFrame:
    """`count` customers, a sale of 100 each ten days ago, unless told otherwise."""
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
        "tickets": 0,
    }
    return typed(pd.DataFrame(defaults | columns, index=range(count)), BUYERS)


def groups(sizes: list[int], seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers in well separated groups, and the group of each, 0 being the richest.

    The first buys often and lately, the next dearly and rarely, and so on.
    """
    centres = [(10, 60, 90.0), (20, 2, 2000.0), (300, 20, 30.0), (700, 2, 80.0)]
    random = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    recency, frequency, monetary = np.array(centres)[truth].T
    spread = random.lognormal(0, 0.1, (3, len(truth)))
    frequency = np.maximum((frequency * spread[1]).round(), 1)
    columns = {
        "recency": (recency * spread[0]).round(),
        "tenure": (recency * spread[0]).round() + 300,
        "frequency": frequency,
        "monetary": monetary * spread[2],
        "revenue": monetary * spread[2] * frequency,
        "gap": np.where(frequency > 1, 300 / np.maximum(frequency - 1, 1), np.nan),
    }
    return buyers(len(truth), **columns), truth


def retail() -> pd.DataFrame:
    """The buyers of three months of a web shop, as they were on the last day."""
    if not RETAIL.exists():
        pytest.skip("needs ../shared/data/retail_orders_2010-12_to_2011-02.csv")
    lines = pd.read_csv(RETAIL, dtype={"InvoiceNo": "str"}).dropna(subset="CustomerID")
    lines = lines[~lines["InvoiceNo"].str.startswith("C") & (lines["Quantity"] > 0)]
    lines["on"] = pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
    lines["total"] = lines["Quantity"] * lines["UnitPrice"]
    orders = lines.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        on=("on", "max"), total=("total", "sum")
    )
    customers = orders.groupby("CustomerID").agg(
        first=("on", "min"),
        last=("on", "max"),
        frequency=("total", "size"),
        monetary=("total", "mean"),
        revenue=("total", "sum"),
    )
    today = orders["on"].max()
    return buyers(
        len(customers),
        customer_id=customers.index.to_numpy(dtype="int64"),
        recency=(today - customers["last"]).dt.days.to_numpy(),
        tenure=(today - customers["first"]).dt.days.to_numpy(),
        frequency=customers["frequency"].to_numpy(),
        monetary=customers["monetary"].to_numpy(),
        revenue=customers["revenue"].to_numpy(),
    )
