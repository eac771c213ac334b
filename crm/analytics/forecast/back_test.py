"""What a method would have said of the past, at every moment of a long last part.

Rolling origin: what a method learns it learns before the first origin; then it is
asked at each origin for the next steps, knowing all before the origin and nothing
after. The mean absolute scaled error (MASE) divides by the error that the seasonal
naive forecast made before the first origin (Hyndman and Koehler 2006).
"""

from dataclasses import dataclass

import numpy as np

from crm.analytics.forecast import forecast_methods
from crm.analytics.forecast.forecast_methods import Roll
from crm.analytics.forecast.smoothing import Origins, Values

SURE = 0.05  # a smaller error less likely than this by chance is clearly smaller


@dataclass(frozen=True)
class BackTest:
    """Forecasts of one method, and what came.

    Attributes:
        origins: how many values were known at each forecast, one more each time.
        errors: what came less what was expected, one row per origin, one column per
            step; NaN where it has not come yet.
        scale: that of the MASE; 0 where the past was the same each season.
    """

    origins: Origins
    errors: Values
    scale: float

    @property
    def mae(self) -> Values:
        """Mean absolute error at each step."""
        found: Values = np.nanmean(np.abs(self.errors), axis=0)
        return found

    @property
    def error(self) -> float:
        """The mean of `mae` over all steps."""
        return float(self.mae.mean())


def first_origin(periods: int, season: int, *, longest: int) -> int:
    """From where on to test: the last half, `longest` at most, one season at least
    known and half a season more."""
    known = max(periods // 2, periods - longest, season + season // 2, 4)
    return min(known, periods - 1)


def scale_of(values: Values, season: int) -> float:
    """The mean absolute error of the seasonal naive forecast, one step ahead."""
    return float(np.abs(values[season:] - values[:-season]).mean())


def asked(
    roll: Roll, values: Values, start: int, steps: int, scale: float, low: float
) -> BackTest:
    """Ask at every origin from `start` on.

    Args:
        roll: what was learned from `values[:start]`, see `forecast_methods.learn`.
        low: what is expected is never less.
    """
    origins = np.arange(start, len(values))
    expected = np.maximum(roll(values, origins, steps), low)
    at = origins[:, None] + np.arange(steps)
    came = np.where(at < len(values), values[np.minimum(at, len(values) - 1)], np.nan)
    return BackTest(origins, came - expected, scale)


def of_all(values: Values, season: int, steps: int, start: int) -> dict[str, BackTest]:
    """Every method, by name, learned from what was known at `start`."""
    scale = scale_of(values[:start], season)
    low = lowest(values)
    return {
        name: asked(
            forecast_methods.learn(name, values[:start], season),
            values,
            start,
            steps,
            scale,
            low,
        )
        for name in forecast_methods.METHODS
    }


def lowest(values: Values) -> float:
    """What can be expected at least: nothing, where it was never less than that."""
    return 0.0 if values.min() >= 0 else -np.inf


def is_clearly_better(one: BackTest, other: BackTest) -> bool | None:
    """Whether `one` errs less than `other` by more than chance; None: nobody can tell.

    Diebold and Mariano (1995) on the mean error of each origin, with Bartlett weights
    for what neighbouring origins share, one-sided. It takes three stretches of the
    past that share nothing.
    """
    steps = one.errors.shape[1]
    whole = ~np.isnan(one.errors[:, -1])
    stretches = int(whole.sum()) // steps
    if stretches < 3:
        return None
    less = np.abs(other.errors[whole]) - np.abs(one.errors[whole])
    return _chance(less.mean(axis=1), steps, stretches) < SURE


def _chance(gain: Values, shared: int, stretches: int) -> float:
    """How likely a mean gain as large is by chance, if there is none in truth."""
    from scipy import stats

    centred, count = gain - gain.mean(), len(gain)
    spread = float(centred @ centred) / count
    for lag in range(1, min(shared, count)):
        together = float(centred[lag:] @ centred[:-lag]) / count
        spread += 2 * (1 - lag / shared) * together
    if spread <= 0:
        return 0.0 if gain.mean() > 0 else 1.0
    return float(stats.t.sf(gain.mean() / np.sqrt(spread / count), stretches - 1))
