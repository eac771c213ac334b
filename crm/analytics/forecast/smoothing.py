"""Exponential smoothing: a level, a trend and a season that follow the data.

Additive, as in Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential
Smoothing (2008): ETS(A, N, N), (A, Ad, N), (A, N, A), (A, Ad, A) and (A, A, A);
estimated by statsmodels.
"""

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

Values = npt.NDArray[np.float64]
Origins = npt.NDArray[np.int64]  # how many values are known, ascending

Trend = Literal["none", "damped", "linear"]

TRENDS: tuple[Trend, ...] = ("none", "damped", "linear")
STATSMODELS = "statsmodels.tsa.exponential_smoothing.ets"
SEASONS_TO_BEGIN = 2
PERIODS_TO_BEGIN = 8  # where there is no season


@dataclass(frozen=True)
class Smoothing:
    """A fitted smoothing; it can be rolled over later values without a new fit.

    Attributes:
        season: periods in a season; 1 is none.
        trend: a linear one is there only beside a season, which can tell it.
        parameters: as statsmodels orders them, of values divided by `scale`.
        begin: the values from which level and season begin, divided by `scale`.
    """

    season: int
    trend: Trend
    parameters: Values
    begin: Values
    scale: float

    def forecasts(self, values: Values, origins: Origins, steps: int) -> Values:
        """What is expected after `values[:origin]`, for each of the origins.

        Args:
            origins: ascending; each at least a season, and at least 1.

        Returns:
            One row per origin, one column per step ahead.
        """
        model = _model(values / self.scale, self.begin, self.season, self.trend)
        with _alone():
            smoothed = model.smooth(self.parameters).states
        states = np.asarray(smoothed).reshape(len(values), -1)
        known = states[origins - 1]
        ahead = np.arange(steps)
        expected = np.repeat(known[:, :1], steps, axis=1)
        if self.trend != "none":
            known_as = dict(zip(model.param_names, self.parameters, strict=False))
            phi = known_as.get("damping_trend", 1.0)
            expected = expected + known[:, 1:2] * np.cumsum(phi ** (ahead + 1))
        if self.season > 1:
            last = origins[:, None] - self.season + ahead % self.season
            expected = expected + states[last, -1]
        found: Values = expected * self.scale
        return found


def to_begin(season: int) -> int:
    """The number of first values from which level and season begin."""
    return SEASONS_TO_BEGIN * season if season > 1 else PERIODS_TO_BEGIN


def fit(values: Values, season: int) -> Smoothing:
    """The smoothing that explains `values` best: with the trend that AIC chooses.

    Args:
        values: more than a season; where `season` is 1, a few.
    """
    scale = float(np.std(values)) or 1.0
    count = to_begin(season)
    scaled, begin = values / scale, values[:count] / scale
    found = {}
    with _alone():
        for trend in TRENDS if season > 1 else TRENDS[:2]:
            fitted = _model(scaled, begin, season, trend).fit(disp=False)
            found[trend] = (fitted.aic, np.asarray(fitted.params, dtype=float))
    best = min(found, key=lambda trend: found[trend][0])
    return Smoothing(season, best, found[best][1], begin, scale)


@contextmanager
def _alone() -> Iterator[None]:
    """A block that runs on one processor, and keeps quiet about a perfect fit.

    The problems are so small that threads only wait for each other: five times
    slower.
    """
    with (
        _threads().limit(limits=1),
        np.errstate(divide="ignore", invalid="ignore"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # a search that ends early still ends well
        yield


@cache
def _threads() -> ThreadpoolController:
    importlib.import_module(STATSMODELS)  # only what is loaded can be limited
    return ThreadpoolController()


def _model(values: Values, begin: Values, season: int, trend: Trend) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    level, slope, shape = _start(begin, season)
    start: dict[str, Any] = {"initial_level": level}
    if trend != "none":
        start["initial_trend"] = slope
    if season > 1:
        start |= {
            "initial_seasonal": shape,
            "seasonal": "add",
            "seasonal_periods": season,
        }
    return ETSModel(
        values,
        trend=None if trend == "none" else "add",
        damped_trend=trend == "damped",
        initialization_method="known",
        **start,
    )


def _start(begin: Values, season: int) -> tuple[float, float, Values]:
    """Level and slope before the first value, and the season.

    The slope is what each part of the season gained on the season before: otherwise
    growth within a year would pass for a season.
    """
    if season == 1:
        return float(begin.mean()), 0.0, np.zeros(1)
    slope = float((begin[season:] - begin[:-season]).mean()) / season
    straight = begin - slope * np.arange(len(begin))
    shape = np.array([straight[part::season].mean() for part in range(season)])
    return float(shape.mean()) - slope, slope, shape - shape.mean()
