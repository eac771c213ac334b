"""The figures of a cohort in a period, with their intervals, from sums alone."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.shares import Z, wilson

SUMS = (  # over customers; the last four of their revenue, net
    "observed",  # customers
    "active",
    "orders",
    "orders_squared",
    "revenue",
    "revenue_squared",
    "revenue_crossed",  # with that in period 0
    "base",  # revenue in period 0 of the same customers
    "base_squared",
)

Floats = npt.NDArray[np.float64]


def estimates(sums: pd.DataFrame, measure: str) -> pd.DataFrame:
    """`value` with its 95 % interval `low` to `high` and its standard `error`.

    - customers: share of customers who were active; interval after Wilson 1927.
    - orders: mean number per customer, those without any counted; normal interval of
      a mean, no lower than 0.
    - revenue: net revenue over that of the same customers in period 0; interval of a
      ratio of two sums over the same customers by the delta method (Cochran 1977,
      “Sampling Techniques”, section 6.3). NaN where period 0 brought nothing in.

    Intervals are NaN where fewer than two customers are behind them.

    Args:
        sums: the columns `SUMS`.
    """
    n = sums["observed"].to_numpy(dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        value, error = MEASURES[measure](sums, n)
        low, high = value - Z * error, value + Z * error
        if measure == "customers":
            low, high = wilson(sums["active"], n)
        elif measure == "orders":
            low = np.maximum(low, 0)
    columns = {"value": value, "low": low, "high": high, "error": error}
    return pd.DataFrame(columns, index=sums.index)


def per_customer(sums: pd.DataFrame) -> pd.DataFrame:
    """Net revenue per customer, those without any counted: as `estimates`."""
    n = sums["observed"].to_numpy(dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        value, error = _mean(sums["revenue"], sums["revenue_squared"], n)
    low, high = value - Z * error, value + Z * error
    columns = {"value": value, "low": low, "high": high, "error": error}
    return pd.DataFrame(columns, index=sums.index)


def _share(sums: pd.DataFrame, n: Floats) -> tuple[Floats, Floats]:
    share = sums["active"].to_numpy(dtype="float64") / n
    return share, np.sqrt(share * (1 - share) / n)


def _orders(sums: pd.DataFrame, n: Floats) -> tuple[Floats, Floats]:
    return _mean(sums["orders"], sums["orders_squared"], n)


def _mean(total: pd.Series, squares: pd.Series, n: Floats) -> tuple[Floats, Floats]:
    mean = total.to_numpy(dtype="float64") / n
    spread = squares.to_numpy(dtype="float64") - n * mean**2
    return mean, _error(spread, n)


def _ratio(sums: pd.DataFrame, n: Floats) -> tuple[Floats, Floats]:
    base = sums["base"].to_numpy(dtype="float64")
    base = np.where(base > 0, base, np.nan)
    ratio = sums["revenue"].to_numpy(dtype="float64") / base
    spread = (
        sums["revenue_squared"]
        - 2 * ratio * sums["revenue_crossed"]
        + ratio**2 * sums["base_squared"]
    )
    return ratio, _error(spread.to_numpy(dtype="float64"), n) / (base / n)


def _error(spread: Floats, n: Floats) -> Floats:
    """Of a mean, from the sum of squared deviations."""
    variance = np.maximum(spread, 0) / np.where(n > 1, n - 1, np.nan)
    return np.sqrt(variance / n)


MEASURES = {"customers": _share, "orders": _orders, "revenue": _ratio}
