"""How far off a forecast may be, from how far off it was."""

import numpy as np

from crm.analytics.forecast.smoothing import Origins, Values

LEVELS = (0.8, 0.95)
MANY = 100  # errors of a step that need none of its neighbours'
NEAR = 2  # steps on either side that lend their errors
ENOUGH = 19  # errors that have a 95% quantile
CHECKED = 10  # forecasts from which a coverage is told


def widths(errors: Values) -> Values:
    """How far the intervals reach to either side of a forecast.

    Each step takes the errors of its neighbours too, up to `NEAR` away, until there
    are `MANY`. From `ENOUGH` on, the width is the quantile of their sizes, counted as
    in conformal prediction; from fewer, that of Student's t with their root mean
    square.

    Args:
        errors: one row per origin, one column per step; NaN is not known.

    Returns:
        One row for each of `LEVELS`, one column per step.
    """
    steps = errors.shape[1]
    return np.array([_of_some(_around(errors, step)) for step in range(steps)]).T


def by_phase(errors: Values, origins: Origins, season: int) -> Values:
    """How large errors are in each part of the season, as something to divide by.

    On a Sunday few orders come, and few too many or too few. Only weeks come often
    enough to tell; elsewhere it is 1. No part is less than a tenth of the mean.

    Args:
        errors: see `widths`.
        origins: of each row.
    """
    size = np.abs(errors)
    known = ~np.isnan(size)
    mean = size[known].mean() if known.any() else 0.0
    if season != 7 or mean == 0:
        return np.ones(season)
    phase = (origins[:, None] + np.arange(errors.shape[1])) % season
    parts = (size[(phase == part) & known] for part in range(season))
    return np.array([max(one.mean(), mean / 10) if len(one) else mean for one in parts])


def coverage(errors: Values, origins: Origins, season: int) -> Values:
    """The share of what came within the intervals, of each of `LEVELS`, at each step.

    The intervals come from the errors known by the middle of the test, and are
    checked on the forecasts made from there on; NaN where these are too few.

    Args:
        errors: see `widths`.
        origins: of each row, one more each time.
    """
    middle = int(origins[len(origins) // 2])
    at = origins[:, None] + np.arange(errors.shape[1])
    early = origins < middle
    known = np.where(at < middle, errors, np.nan)[early]
    if np.isnan(known).all():
        return np.full((len(LEVELS), errors.shape[1]), np.nan)
    parts = by_phase(known, origins[early], season)
    around = widths(known / parts[at[early] % season])
    sizes = np.abs(errors[~early]) / parts[at[~early] % season]
    return np.array([_share(sizes, width) for width in around])


def _share(sizes: Values, width: Values) -> Values:
    counts = (~np.isnan(sizes)).sum(axis=0)
    share: Values = (sizes <= width).sum(axis=0) / np.maximum(counts, 1)
    return np.where(counts >= CHECKED, share, np.nan)


def _around(errors: Values, step: int) -> Values:
    """The sizes of the errors of a step, and of as many neighbours as it takes."""
    for reach in range(errors.shape[1]):
        near = errors[:, max(0, step - reach) : step + reach + 1]
        known = near[~np.isnan(near)]
        if len(known) >= MANY or (reach >= NEAR and len(known)):
            break
    return np.abs(known)


def _of_some(sizes: Values) -> list[float]:
    from scipy import stats

    count = len(sizes)
    if count >= ENOUGH:
        ordered = np.sort(sizes)
        ranks = (min(int(np.ceil((count + 1) * level)), count) for level in LEVELS)
        return [float(ordered[rank - 1]) for rank in ranks]
    size = float(np.sqrt(np.mean(sizes**2)))
    return [size * float(stats.t.ppf((1 + level) / 2, count)) for level in LEVELS]
