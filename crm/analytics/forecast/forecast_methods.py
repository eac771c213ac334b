"""Ways to say what comes next: three plain ones, and exponential smoothing.

Each gives one row per origin and one column per step ahead; at origin t the first t
values are known and no other.
"""

from collections.abc import Callable

import numpy as np

from crm.analytics.forecast import smoothing
from crm.analytics.forecast.smoothing import Origins, Values
from crm.i18n import N_

Roll = Callable[[Values, Origins, int], Values]  # values, origins, steps

NAIVE, MEAN, DRIFT, SMOOTHING = METHODS = (
    "seasonal_naive",
    "seasonal_mean",
    "drift",
    "smoothing",
)
LABELS = {
    NAIVE: N_("As one season before"),
    MEAN: N_("Mean of the same part of the last seasons"),
    DRIFT: N_("As one season before, and the average growth"),
    SMOOTHING: N_("Exponential smoothing"),
}
MEANT = {7: 8, 12: 3, 52: 3}  # the last seasons that a seasonal mean looks at
MEANT_PERIODS = 8  # the last periods, where there is no season


def learn(method: str, values: Values, season: int) -> Roll:
    """`method`, with all that it has to learn learned from `values`.

    Args:
        season: periods in a season; 1 is none, and the methods then speak of the
            last period, the mean of the last `MEANT_PERIODS`, and so on.
    """
    if method == SMOOTHING:
        return smoothing.fit(values, season).forecasts
    plain = {NAIVE: _naive, MEAN: _mean, DRIFT: _drift}[method]
    return lambda known, origins, steps: plain(known, origins, steps, season)


def _naive(values: Values, origins: Origins, steps: int, season: int) -> Values:
    """As one season before."""
    found: Values = values[_before(origins, steps, season)]
    return found


def _mean(values: Values, origins: Origins, steps: int, season: int) -> Values:
    """The mean of the same part of the last seasons."""
    seasons = MEANT.get(season, MEANT_PERIODS)
    back = season * np.arange(seasons)
    at = _before(origins, steps, season)[..., None] - back
    known = np.where(at >= 0, values[np.maximum(at, 0)], np.nan)
    mean: Values = np.nanmean(known, axis=-1)
    return mean


def _drift(values: Values, origins: Origins, steps: int, season: int) -> Values:
    """As one season before, and the growth from the first season to the last."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    last = (total[origins] - total[origins - season]) / season
    first = total[season] / season
    growth = (last - first) * season / np.maximum(origins - season, 1)
    ahead = 1 + np.arange(steps) // season
    naive = _naive(values, origins, steps, season)
    found: Values = naive + growth[:, None] * ahead
    return found


def _before(origins: Origins, steps: int, season: int) -> Origins:
    at: Origins = origins[:, None] - season + np.arange(steps) % season
    return at
