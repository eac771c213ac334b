"""Customers whose true chance to buy, and expected spending, is planted."""

from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.calibration import sigmoid
from crm.analytics.churn.churn import Cut
from crm.analytics.purchase import purchase
from crm.analytics.purchase.purchase import Purchase
from crm.frames import FUTURE, typed
from tests.analytics.leavers import DAYS, HORIZON, people


def chance(table: pd.DataFrame) -> np.ndarray:
    """To buy: by recency and number of orders."""
    recency, frequency = np.log1p(table["recency"]), np.log1p(table["frequency"])
    p: np.ndarray = sigmoid((frequency - 2 - 1.2 * (recency - 4.6)).to_numpy())
    return p


def expected(table: pd.DataFrame) -> np.ndarray:
    """Revenue: the chance to buy times the mean order value."""
    return chance(table) * table["monetary"].to_numpy()


def bought(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """As in `FUTURE`: one sale of an amount around the customer's mean order value."""
    random = np.random.default_rng(seed)
    amounts = random.gamma(4, table["monetary"] / 4)
    rows = {"customer_id": table["customer_id"], "sales": 1, "revenue": amounts}
    buys = random.random(len(table)) < chance(table)
    return typed(pd.DataFrame(rows)[buys], FUTURE)


def cuts(count: int = 2000) -> list[Cut]:
    tables = [people(seed, count) for seed in (1, 2, 3)]
    known = [
        Cut(day, table, bought(table, 10 + n))
        for n, (day, table) in enumerate(zip(DAYS[:2], tables, strict=False))
    ]
    return [*known, Cut(DAYS[2], tables[2])]


def predicted(made: list[Cut], **options: Any) -> Purchase:
    return purchase.predict(*made, horizon=HORIZON, **options)
