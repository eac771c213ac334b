"""How well a score puts those who will above those who will not."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.shares import Z
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

GAINS: Schema = {  # customers by falling score, a row per percent of them
    "share": "float64",  # of customers contacted, above 0 to 1
    "captured": "float64",  # share of all events that are among these
    "lift": "float64",  # captured / share: how many times better than by lot
}
ROC: Schema = {"false_positive_rate": "float64", "true_positive_rate": "float64"}
ROC_POINTS = 200

Events = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def auc(events: Events, score: Floats) -> Interval:
    """Chance that an event scores above a non-event, ties counting half.

    Interval after DeLong, DeLong and Clarke-Pearson 1988, on the log-odds scale, so
    that it keeps within 0 and 1. Where the order is perfect their variance is 0 and
    says nothing; Wilson's bound for no failure among the rarer side stands in.

    Raises:
        NotEnoughData: fewer than two events or two others.
    """
    above, below = _placements(events, score)
    value = float(above.mean())
    error = float(np.sqrt(_covariance(above, above) + _covariance(below, below)))
    if value in (0, 1):
        bound = Z**2 / (min(len(above), len(below)) + Z**2)
        return Interval(value, max(value - bound, 0), min(value + bound, 1))
    odds, reach = np.log(value / (1 - value)), Z * error / (value * (1 - value))
    low, high = 1 / (1 + np.exp(-np.array([odds - reach, odds + reach])))
    return Interval(value, float(low), float(high))


def auc_gain(events: Events, score: Floats, rival: Floats) -> Interval:
    """AUC of `score` less that of `rival` on the same customers (DeLong 1988).

    Raises:
        NotEnoughData: fewer than two events or two others.
    """
    above, below = _placements(events, score)
    rival_above, rival_below = _placements(events, rival)
    above, below = above - rival_above, below - rival_below
    value = float(above.mean())
    reach = Z * float(np.sqrt(_covariance(above, above) + _covariance(below, below)))
    return Interval(value, value - reach, value + reach)


def gains(events: Events, score: Floats) -> pd.DataFrame:
    """Events reached when customers are taken by falling score, as in `GAINS`.

    Within equal scores, as many as if drawn by lot.
    """
    taken, caught = _steps(events, score)
    share = np.arange(1, 101) / 100
    captured = np.interp(share, taken / taken[-1], caught / max(caught[-1], 1))
    lift = captured / share
    return typed(dict(zip(GAINS, (share, captured, lift), strict=True)), GAINS)


def roc(events: Events, score: Floats) -> pd.DataFrame:
    """Points of the receiver operating characteristic, as in `ROC`, at most 200."""
    taken, caught = _steps(events, score)
    false = (taken - caught) / max(taken[-1] - caught[-1], 1)
    true = caught / max(caught[-1], 1)
    kept = np.unique(np.linspace(0, len(taken) - 1, ROC_POINTS).round().astype(int))
    return typed(dict(zip(ROC, (false[kept], true[kept]), strict=True)), ROC)


def _steps(events: Events, score: Floats) -> tuple[Floats, Floats]:
    """Customers and events at or above each distinct score, from none on."""
    _values, group = np.unique(-score, return_inverse=True)
    taken = np.bincount(group).cumsum()
    caught = np.bincount(group, weights=events).cumsum()
    return np.append(0.0, taken), np.append(0.0, caught)


def _placements(events: Events, score: Floats) -> tuple[Floats, Floats]:
    """For each event the share of others below it; for each other, of events above.

    By ranks (Sun and Xu 2014), in the time of a sort.
    """
    from scipy.stats import rankdata

    hit, miss = score[events], score[~events]
    if min(len(hit), len(miss)) < 2:
        raise NotEnoughData(
            _("A score can be judged only on two or more of each outcome.")
        )
    ranks = rankdata(np.concatenate([hit, miss]))
    above = (ranks[: len(hit)] - rankdata(hit)) / len(miss)
    below = 1 - (ranks[len(hit) :] - rankdata(miss)) / len(hit)
    return above, below


def _covariance(a: Floats, b: Floats) -> float:
    """Of the means of `a` and `b`."""
    return float(np.cov(a, b)[0, 1]) / len(a)
