"""Whether groups of subscriptions last equally long: the log-rank test."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crm.errors import NotEnoughData
from crm.i18n import _


@dataclass(frozen=True)
class LogRank:
    """The statistic, its degrees of freedom, and the chance of one as large."""

    statistic: float
    freedom: int
    p_value: float


def log_rank(days: Any, ended: Any, group: Any) -> LogRank:
    """Test that all groups have one survival curve (Mantel 1966; Peto and Peto 1972).

    With the hypergeometric covariance of observed less expected ends, for any number
    of groups, as in R's `survdiff`.

    Raises:
        NotEnoughData: a single group, or none has ended while two were at risk.
    """
    from scipy import stats

    days, ended = np.asarray(days, np.int64), np.asarray(ended, bool)
    codes, names = pd.factorize(np.asarray(group, object), sort=True)
    if len(names) < 2 or not ended.any():
        raise NotEnoughData(_("A comparison takes two groups, and some that ended."))
    observed, at_risk = _counts(days, ended, codes, len(names))
    every, all_risk = observed.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / all_risk[:, None]
    difference = (observed - every[:, None] * share).sum(axis=0)
    weight = every * (all_risk - every) / np.maximum(all_risk - 1, 1)
    covariance = np.diag(weight @ share) - (share * weight[:, None]).T @ share
    freedom = len(names) - 1
    inner = covariance[:freedom, :freedom]
    if np.linalg.matrix_rank(inner) < freedom:
        raise NotEnoughData(_("These groups were never at risk at the same time."))
    rest = difference[:freedom]
    statistic = float(rest @ np.linalg.solve(inner, rest))
    return LogRank(statistic, freedom, float(stats.chi2.sf(statistic, freedom)))


def _counts(days: Any, ended: Any, codes: Any, groups: int) -> tuple[Any, Any]:
    """Ended and at risk, at each time at which any ended, by group."""
    times = np.unique(days[ended])
    observed = np.zeros((len(times), groups))
    np.add.at(observed, (np.searchsorted(times, days[ended]), codes[ended]), 1)
    at_risk = np.column_stack(
        [
            (codes == group).sum()
            - np.searchsorted(np.sort(days[codes == group]), times)
            for group in range(groups)
        ]
    )
    return observed, at_risk
