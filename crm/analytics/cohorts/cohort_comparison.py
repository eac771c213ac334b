"""Do two cohorts differ, in one period and in any of those they share?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.cohorts.cohort_estimates import SUMS, estimates
from crm.analytics.cohorts.cohorts import FEW, Retention
from crm.analytics.shares import Z, newcombe, two_shares
from crm.analytics.significance import holm
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

LEVEL = 0.05  # chance of even one false alarm among the periods compared

COMPARED: Schema = {  # one row per period that both have, 1 first
    "period": "int64",
    "first": "float64",  # value of the measure
    "second": "float64",
    "difference": "float64",  # first less second
    "low": "float64",  # 95 % interval of the difference
    "high": "float64",
    "p": "float64",  # two-sided, of this period alone
    "p_holm": "float64",  # for all periods compared
    "first_customers": "int64",
    "second_customers": "int64",
}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Rows as in `COMPARED`, and the `periods` in which the two differ after Holm."""

    table: pd.DataFrame

    @property
    def periods(self) -> list[int]:
        apart = self.table["p_holm"] < LEVEL
        return [int(one) for one in self.table.loc[apart, "period"]]


def compare(
    found: Retention, first: int, second: int | None = None, *, most: int | None = None
) -> Comparison:
    """Two rows of a result; the first against all the others where there is no second.

    Over the periods from 1 to `most`, as far as they are over for both: the fewer
    they are, the smaller the differences that stand out.

    Shares of customers: interval of the difference after Newcombe 1998 (method 10),
    test by chi-squared with N - 1 for N, or by Fisher where fewer than one is expected
    in a cell (Campbell 2007). Revenue and orders: normal, from their standard errors.
    The periods look at the same customers again, so their p-values are adjusted after
    Holm 1979, which holds however they depend on each other.

    Raises:
        NotEnoughData: no period after 0 that is over for `FEW` customers of both.
    """
    one = found.row(first).set_index("period")
    other = _others(found, first) if second is None else _indexed(found, second)
    shared = one.index.intersection(other.index)
    one, other = one.loc[shared], other.loc[shared]
    enough = (one["observed"] >= FEW) & (other["observed"] >= FEW) & (shared > 0)
    enough &= shared <= (most or shared.max())
    enough &= one["value"].notna() & other["value"].notna()
    one, other = one[enough], other[enough]
    if one.empty:
        words = _(
            "They share no period that is over for at least {few} customers each."
        )
        raise NotEnoughData(words.format(few=FEW))
    return Comparison(_compared(one, other, found.question.measure))


def _indexed(found: Retention, row: int) -> pd.DataFrame:
    return found.row(row).set_index("period")


def _others(found: Retention, row: int) -> pd.DataFrame:
    """All the rows but one, taken together, by period."""
    average = found.average[found.average["state"] != "running"]
    sums = average.set_index("period")[list(SUMS)]
    rest = sums.sub(_indexed(found, row)[list(SUMS)], fill_value=0)
    return rest.join(estimates(rest, found.question.measure))


def _compared(one: pd.DataFrame, other: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows as in `COMPARED`, of two tables of the same periods."""
    low, high, p = (_shares if measure == "customers" else _means)(one, other)
    table = {
        "period": one.index,
        "first": one["value"],
        "second": other["value"],
        "difference": one["value"] - other["value"],
        "low": low,
        "high": high,
        "p": p,
        "p_holm": holm(p, len(p)),
        "first_customers": one["observed"],
        "second_customers": other["observed"],
    }
    return typed(pd.DataFrame(table).reset_index(drop=True), COMPARED)


def _shares(one: pd.DataFrame, other: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    counts = [table[name] for table in (one, other) for name in ("active", "observed")]
    whole = [column.to_numpy(dtype="int64") for column in counts]
    p = [two_shares(*map(int, row)) for row in zip(*whole, strict=True)]
    return *newcombe(*whole), np.array(p)


def _means(one: pd.DataFrame, other: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    from scipy.special import ndtr

    difference = (one["value"] - other["value"]).to_numpy()
    error = np.hypot(one["error"], other["error"]).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * ndtr(-np.abs(difference) / error)
    p = np.where(error > 0, p, np.where(difference == 0, 1.0, 0.0))
    return difference - Z * error, difference + Z * error, p
