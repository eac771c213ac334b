"""How well a score ranks rows that come in clusters, as moments of one opportunity do.

Rows of one opportunity are alike, so that intervals which take each row for itself
would be too narrow.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.ranking import Interval
from crm.analytics.shares import Z

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def auc(events: Events, score: Floats, cluster: pd.Series) -> Interval:
    """Chance that an event scores above a non-event, ties counting half.

    Interval after Obuchowski (1997) for clusters of one outcome each, on the log-odds
    scale, so that it keeps within 0 and 1. Where the order is perfect the variance is
    0 and says nothing; Wilson's bound for no failure in the rarer outcome stands in.

    Args:
        cluster: of each row; two or more of each outcome.
    """
    above, below = _placements(events, score)
    value = float(above.mean())
    error = np.sqrt(
        _variance(above, cluster[events]) + _variance(below, cluster[~events])
    )
    if value in (0, 1):
        rarer = min(cluster[events].nunique(), cluster[~events].nunique())
        bound = Z**2 / (rarer + Z**2)
        return Interval(value, max(value - bound, 0), min(value + bound, 1))
    odds, reach = np.log(value / (1 - value)), Z * error / (value * (1 - value))
    low, high = 1 / (1 + np.exp(-np.array([odds - reach, odds + reach])))
    return Interval(value, float(low), float(high))


def gain(events: Events, score: Floats, rival: Floats, cluster: pd.Series) -> Interval:
    """AUC of `score` less that of `rival` on the same rows."""
    mine, theirs = _placements(events, score), _placements(events, rival)
    above, below = mine[0] - theirs[0], mine[1] - theirs[1]
    value = float(above.mean())
    variance = _variance(above, cluster[events]) + _variance(below, cluster[~events])
    reach = Z * float(np.sqrt(variance))
    return Interval(value, value - reach, value + reach)


def _placements(events: Events, score: Floats) -> tuple[Floats, Floats]:
    """For each event the share of others below it; for each other, of events above."""
    from scipy.stats import rankdata

    hit, miss = score[events], score[~events]
    ranks = rankdata(np.concatenate([hit, miss]))
    above = (ranks[: len(hit)] - rankdata(hit)) / len(miss)
    below = 1 - (ranks[len(hit) :] - rankdata(miss)) / len(hit)
    return above, below


def _variance(placements: Floats, cluster: pd.Series) -> float:
    """Of their mean, the clusters being independent of each other."""
    off = pd.Series(placements - placements.mean()).groupby(cluster.to_numpy()).sum()
    clusters = len(off)
    scaled = clusters / (clusters - 1) / len(placements) ** 2
    return float(scaled * (off**2).sum())
