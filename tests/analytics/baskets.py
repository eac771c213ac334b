"""Baskets for tests: written out, drawn at random, or the real Groceries."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm.frames import BASKETS, typed

GROCERIES = Path(__file__).parents[2] / "../shared/data/groceries_baskets.csv"


def baskets(*orders: Iterable[int], days: Sequence[str] = ()) -> pd.DataFrame:
    """One basket per argument, its product ids; each of a customer of its own."""
    rows = [
        (number, 100 + number, days[number] if days else "2026-01-01", product)
        for number, products in enumerate(orders)
        for product in products
    ]
    return typed(rows, BASKETS)


def independent(n: int, counts: Sequence[int], *, seed: int) -> pd.DataFrame:
    """`n` baskets over which product i lies in `counts[i]`, drawn by lot."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(n, count, replace=False) for count in counts]
    table = pd.DataFrame(
        {
            "order_id": np.concatenate(drawn),
            "product_id": np.repeat(np.arange(len(counts)), counts),
        }
    )
    day = pd.Timestamp("2026-01-01")
    return typed(table.assign(customer_id=table["order_id"], ordered_on=day), BASKETS)


def groceries() -> tuple[pd.DataFrame, list[str]]:
    """The published 9,835 baskets, and the name of each product id."""
    if not GROCERIES.exists():
        pytest.skip("needs the Groceries baskets in ../shared/data")
    lines = GROCERIES.read_text().splitlines()
    sold = pd.Series(lines).str.split(";").explode().str.strip()
    products, names = pd.factorize(sold, sort=True)
    orders = sold.index.to_numpy()
    columns = {"order_id": orders, "customer_id": orders, "product_id": products}
    table = pd.DataFrame(columns).assign(ordered_on=pd.Timestamp("2026-01-01"))
    return typed(table.drop_duplicates(), BASKETS), list(names)
