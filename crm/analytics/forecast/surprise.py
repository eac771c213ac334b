"""How far each period of a series was from what stood before it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crm.analytics.forecast import smoothing
from crm.analytics.forecast.forecast_intervals import by_phase
from crm.analytics.forecast.smoothing import Values

Unit = Literal["day", "week"]

SEASON: dict[Unit, int] = {"day": 7, "week": 52}
LOOKED_AT: dict[Unit, int] = {"day": 61, "week": 13}  # the last periods, to score
REFERENCE: dict[Unit, int] = {"day": 365, "week": 104}  # before them, at most
LEAST: dict[Unit, int] = {"day": 56, "week": 26}  # before them, at least
BUSY = 0.5  # share of periods with anything, below which a series is left out
TO_SIGMA = 1.4826  # of a normal distribution, its median absolute deviation is 1 / this


@dataclass(frozen=True)
class Judged:
    """One series: what was expected, its usual distances, its surprises.

    `reference` are the periods before the scored ones that can be compared.
    """

    name: str
    actual: pd.Series
    expected: Values
    distance: Values
    reference: slice

    @property
    def surprise(self) -> Values:
        found: Values = (self.actual.to_numpy() - self.expected) / self.distance
        return found


def judged(series: pd.Series, unit: Unit) -> Judged | None:
    """None where the series is too empty, or always the same."""
    values = series.to_numpy(dtype=np.float64)
    end = len(values) - LOOKED_AT[unit]
    start = max(end - REFERENCE[unit], 0)
    if (values[start:end] != 0).mean() < BUSY:
        return None
    options = [_expected(values, season, end) for season in _seasons(unit, end)]
    common = max(begin for begin, _expected in options)
    expected = min(
        (expected for _begin, expected in options),
        key=lambda one: float(np.abs(values[common:end] - one[common:end]).mean()),
    )
    reference = slice(max(start, common), end)
    distance = _distance(values - expected, reference, SEASON[unit])
    if distance is None:
        return None
    return Judged(str(series.name), series, expected, distance, reference)


def _seasons(unit: Unit, known: int) -> tuple[int, ...]:
    """That of the week; or none, and that of the year where it can be learned."""
    if unit == "day":
        return (SEASON["day"],)
    year = SEASON["week"]
    return (1, year) if known >= smoothing.to_begin(year) + LEAST["week"] else (1,)


def _expected(values: Values, season: int, end: int) -> tuple[int, Values]:
    """What was expected of each period, one ahead; and from where on it is honest.

    Learned from what stood before the scored periods; the first seasons, from which
    level and season begin, cannot be surprising.
    """
    begin = smoothing.to_begin(season)
    learned = smoothing.fit(values[:end], season)
    origins = np.arange(begin, len(values), dtype=np.int64)
    expected = np.full(len(values), np.nan)
    expected[begin:] = learned.forecasts(values, origins, 1)[:, 0]
    return begin, expected


def _distance(errors: Values, reference: slice, season: int) -> Values | None:
    """The usual distance from what was expected, for each period; None for no spread.

    Days of the week have distances of their own.
    """
    known = errors[reference]
    spread = TO_SIGMA * float(np.median(np.abs(known)))
    if spread <= 1e-9 * max(1.0, float(np.abs(errors[reference]).max())):
        return None
    origins = np.arange(reference.start, reference.stop)
    parts = by_phase(known[:, None], origins, season)
    relative = known / parts[origins % len(parts)]
    spread = TO_SIGMA * float(np.median(np.abs(relative)))
    every: Values = spread * parts[np.arange(len(errors)) % len(parts)]
    return every if spread > 0 else None
