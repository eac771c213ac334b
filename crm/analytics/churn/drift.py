"""Are the customers of today still like those that were learned from?"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.frames import Schema, typed

DRIFT: Schema = {  # one row per feature, the most changed first
    "feature": "str",
    "psi": "float64",  # population stability index, 0 where nothing has changed
    "luck": "float64",  # what it exceeds by luck alone in 5 % of cases
}
SOME, LARGE = 0.1, 0.25
"""Bounds in use since Lewis, "An Introduction to Credit Scoring" (1994)."""
GROUPS = 10  # of equal size among the earlier customers
WORDS = 20  # of a feature that is a word; rarer ones count together

Size = Literal["little", "some", "large"]
Shares = npt.NDArray[np.float64]


def drift(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """For each column of `before`, numbers or words, as in `DRIFT`.

    Σ (q - p) ln(q / p) over groups with shares p before and q now; half a customer is
    added to each group, so that an empty one does not make it infinite. Without any
    change the index is about chi-squared with one degree of freedom less than groups,
    times 1/n + 1/m (Yurdakul 2018).
    """
    rows = [(name, *_stability(before[name], now[name])) for name in before.columns]
    table = typed(rows, DRIFT)
    return table.sort_values("psi", ascending=False, ignore_index=True)


def size(psi: float, luck: float) -> Size:
    """How large a change is; little is all that luck may have made."""
    if psi <= max(SOME, luck):
        return "little"
    return "some" if psi <= LARGE else "large"


def _stability(before: pd.Series, now: pd.Series) -> tuple[float, float]:
    from scipy.stats import chi2

    first, second = _counts(before, now)
    if len(first) < 2 or not second.sum():
        return 0.0, 0.0
    p, q = ((n + 0.5) / (n.sum() + 0.5 * len(n)) for n in (first, second))
    luck = chi2.ppf(0.95, len(first) - 1) * (1 / first.sum() + 1 / second.sum())
    return float(((q - p) * np.log(q / p)).sum()), float(luck)


def _counts(before: pd.Series, now: pd.Series) -> tuple[Shares, Shares]:
    """Customers in each group, before and now; missing numbers are a group."""
    if pd.api.types.is_numeric_dtype(before):
        inner = np.arange(1, GROUPS) / GROUPS
        edges = np.unique(before.dropna().quantile(inner).to_numpy())
        codes = [
            np.where(one.isna(), len(edges) + 1, np.searchsorted(edges, one, "left"))
            for one in (before, now)
        ]
    else:
        known = before.value_counts().head(WORDS).index
        codes = [known.get_indexer(one) + 1 for one in (before, now)]
    length = 1 + max(int(one.max(initial=0)) for one in codes)
    first, second = (np.bincount(one, minlength=length).astype(float) for one in codes)
    seen = first + second > 0
    return first[seen], second[seen]
