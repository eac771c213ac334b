"""Series of days, weeks and months for tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.forecast.periods import FREQUENCY, Unit


def series(values: Sequence[float] | Any, unit: Unit = "day") -> pd.Series:
    """A whole period for each value, the first in January 2024."""
    first = pd.Timestamp("2024-01-01").to_period(FREQUENCY[unit])
    index = pd.period_range(first, periods=len(values), freq=FREQUENCY[unit])
    starts = index.to_timestamp().astype("datetime64[s]").rename("period")
    return pd.Series(np.asarray(values, dtype=float), index=starts, name="revenue")


def days(amounts: dict[str, float], orders: int = 1) -> pd.DataFrame:
    """Rows as in `crm.frames.REVENUE_BY_DAY`."""
    return pd.DataFrame(
        {
            "day": pd.to_datetime(list(amounts)).astype("datetime64[s]"),
            "revenue": list(amounts.values()),
            "orders": orders,
            "sold": list(amounts.values()),
            "new_customers": 0,
        }
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
