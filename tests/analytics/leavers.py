"""Customers whose true probability of churn is planted, a horizon apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics import importance
from crm.analytics.calibration import sigmoid
from crm.analytics.churn import churn, churn_models
from crm.analytics.churn.churn import Churn, Cut
from tests.analytics.histories import features, future

TODAY = date(2026, 1, 31)
HORIZON = 60
DAYS = churn.days(TODAY, HORIZON)
CUSTOMERS = 2000


@contextmanager
def small_forests() -> Iterator[None]:
    """Forests of few trees, grown in an instant, and few looks at them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(churn_models, "TREES", 60)
        patch.setattr(importance, "TIMES", 1)
        patch.setattr(importance, "ROWS", 1000)
        yield


def people(seed: int, count: int = CUSTOMERS) -> pd.DataFrame:
    """Customers of all kinds, the features independent of each other."""
    random = np.random.default_rng(seed)
    return features(
        count,
        recency=random.integers(0, 300, count),
        tenure=random.integers(300, 900, count),
        frequency=random.integers(1, 20, count),
        monetary=random.gamma(2, 50, count),
        products=random.integers(1, 30, count),
        revenue_90=random.gamma(1, 50, count),
        sales_90=random.integers(0, 4, count),
        sales_before_90=random.integers(0, 4, count),
    )


def planted(
    table: pd.DataFrame, seed: int, direction: float = 1, base: float | np.ndarray = 0
) -> tuple[np.ndarray, pd.DataFrame]:
    """True probabilities of churn by recency and frequency, and who buys again."""
    recency, frequency = np.log1p(table["recency"]), np.log1p(table["frequency"])
    odds = base + direction * (1.2 * (recency - 4.6) - (frequency - 2))
    p = sigmoid(odds.to_numpy())
    stay = np.random.default_rng(seed).random(len(p)) >= p
    return p, future(table["customer_id"][stay])


def planted_cuts(**second: float) -> list[Cut]:
    tables = [people(seed) for seed in (1, 2, 3)]
    outcomes = [planted(tables[0], 11)[1], planted(tables[1], 12, **second)[1]]
    known = [Cut(*one) for one in zip(DAYS, tables, outcomes, strict=False)]
    return [*known, Cut(TODAY, tables[2])]


def grouped() -> list[Cut]:
    """The same, where hotels leave with four times the odds of the others."""
    made = []
    for number, day in enumerate(DAYS):
        random = np.random.default_rng(30 + number)
        table = people(number + 1)
        words = random.choice(["Hotels", "Schools", "Offices"], len(table))
        base = np.where(words == "Hotels", np.log(4), 0.0)
        stays = planted(table, 40 + number, base=base)[1]
        known = {} if number == 2 else {"future": stays}
        made.append(Cut(day, table.assign(sector=words), **known))
    return made


def evaluated(cuts: list[Cut], **options: Any) -> Churn:
    """Two models are quick enough to be computed in every test."""
    asked = {"models": ["logistic", "forest"]} | options
    return churn.evaluate(*cuts, horizon=HORIZON, **asked)


def words(found: Churn) -> str:
    return " ".join(map(str, found.notes))


def the_same(count: int, stayed: int, **columns: Any) -> list[Cut]:
    """Three times the same customers, of whom the first `stayed` buy again."""
    table = features(count, **columns)
    return [Cut(day, table, future(range(1, stayed + 1))) for day in DAYS]
