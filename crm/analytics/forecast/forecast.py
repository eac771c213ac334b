"""What revenue or orders will come, period by period, with the interval it stands in.

Four methods (`forecast_methods`) are asked what they would have said of the past;
exponential smoothing is used unless a plainer one erred clearly less. The intervals
are the errors of the past, step by step.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.forecast import (
    back_test,
    forecast_intervals,
    forecast_methods,
    forecast_notes,
    periods,
)
from crm.analytics.forecast.back_test import BackTest
from crm.analytics.forecast.forecast_methods import MEAN, METHODS, SMOOTHING
from crm.analytics.forecast.periods import Unit
from crm.analytics.forecast.smoothing import Values
from crm.analytics.notes import Note
from crm.errors import NotEnoughData
from crm.frames import Schema, typed
from crm.i18n import _

STEPS: dict[Unit, int] = {"day": 30, "week": 13, "month": 12}  # the longest look ahead
TESTED: dict[Unit, int] = {"day": 365, "week": 104, "month": 36}  # the last periods
LEAST = 8  # periods
LEAST_TO_SMOOTH = 16
MARGIN = 0.05  # a plainer method is used if it errs less by more than this share
SPARSE = 0.5  # share of periods without anything, from which smoothing is left alone

EXPECTED: Schema = {  # one row per step ahead
    "step": "int64",  # from 1
    "period": "datetime64[s]",  # its first day
    "expected": "float64",
    "low_80": "float64",
    "high_80": "float64",
    "low_95": "float64",
    "high_95": "float64",
    "total": "float64",  # expected of this and all earlier steps together
    "total_low_80": "float64",
    "total_high_80": "float64",
    "total_low_95": "float64",
    "total_high_95": "float64",
}
QUALITY: Schema = {  # one row per method and step
    "method": "str",
    "step": "int64",
    "mae": "float64",  # mean absolute error, in the unit of the values
    "mase": "float64",  # NaN where every season of the past was the same
    "coverage_80": "float64",  # 0 to 1; NaN where too little came to tell
    "coverage_95": "float64",
}


@dataclass(frozen=True)
class Forecast:
    """What is expected of one series, and how far to trust it.

    Attributes:
        season: periods in a season; 1 where it is not known.
        method: one of `METHODS`, the one that is used.
        history: the values, by the first day of their period.
        expected: as in `EXPECTED`.
        quality: as in `QUALITY`, of every method.
        origins: at how many moments of the past each method was asked.
        beats: whether the method errs clearly less than each other one; None where
            the history is too short to tell.
        notes: what to say beside the figures.
    """

    unit: Unit
    season: int
    method: str
    history: pd.Series
    expected: pd.DataFrame
    quality: pd.DataFrame
    origins: int
    beats: dict[str, bool | None]
    notes: tuple[Note, ...] = ()


def forecast(history: pd.Series, unit: Unit, *, steps: int | None = None) -> Forecast:
    """What comes after `history`.

    Args:
        history: a value for each whole period, see `periods.whole`.
        steps: how far to look ahead, if not `STEPS`; a third of the history at most.

    Raises:
        NotEnoughData: fewer than `LEAST` periods.
    """
    values = history.to_numpy(dtype=np.float64)
    _check(len(values), unit)
    season = periods.SEASON[unit]
    if len(values) < 2 * season:
        season = 1
    steps = min(steps or STEPS[unit], len(values) // 3)
    start = back_test.first_origin(len(values), season, longest=TESTED[unit])
    found = back_test.of_all(values, season, steps, start)
    method, notes = _chosen(found, values, season, unit)
    beats = {
        name: back_test.is_clearly_better(found[method], found[name])
        for name in METHODS
        if name != method
    }
    return Forecast(
        unit=unit,
        season=season,
        method=method,
        history=history,
        expected=_expected(history, unit, season, method, found[method]),
        quality=_quality(found, season),
        origins=len(values) - start,
        beats=beats,
        notes=notes
        + forecast_notes.doubts(beats)
        + forecast_notes.silence(history, unit),
    )


def _check(count: int, unit: Unit) -> None:
    if count < LEAST:
        raise NotEnoughData(
            _(
                "A forecast takes {least} whole {unit} at least; there are {count}."
            ).format(least=LEAST, unit=_(periods.WORDS[unit]), count=count)
        )


def _chosen(
    found: dict[str, BackTest], values: Values, season: int, unit: Unit
) -> tuple[str, tuple[Note, ...]]:
    """The method to use, and why where it is not a matter of course."""
    count, words = len(values), periods.WORDS[unit]
    nothing = float((values == 0).mean())
    if nothing > SPARSE:
        return MEAN, (
            Note(forecast_notes.MOSTLY_NOTHING, {"share": nothing, "unit": words}),
        )
    if count < LEAST_TO_SMOOTH and season == 1:
        mean = forecast_methods.MEANT_PERIODS
        return MEAN, (
            Note(forecast_notes.FEW, {"count": count, "unit": words, "mean": mean}),
        )
    notes: tuple[Note, ...] = ()
    if season == 1:
        notes = (Note(forecast_notes.NO_SEASON, {"count": count, "unit": words}),)
    best = min(METHODS, key=lambda name: found[name].error)
    if found[best].error < (1 - MARGIN) * found[SMOOTHING].error:
        return best, notes
    return SMOOTHING, notes


def _expected(
    history: pd.Series, unit: Unit, season: int, method: str, tested: BackTest
) -> pd.DataFrame:
    """Learned anew from all there is, with the intervals that the back-test gives."""
    values = history.to_numpy(dtype=np.float64)
    steps, low = tested.errors.shape[1], back_test.lowest(values)
    roll = forecast_methods.learn(method, values, season)
    expected = np.maximum(roll(values, np.array([len(values)]), steps)[0], low)
    ahead = np.arange(steps)
    parts = forecast_intervals.by_phase(tested.errors, tested.origins, season)
    at = tested.origins[:, None] + ahead
    around = forecast_intervals.widths(tested.errors / parts[at % season])
    around = around * parts[(len(values) + ahead) % season]
    growing = np.sqrt(ahead + 1)  # so that neighbouring steps have errors alike
    summed = np.cumsum(tested.errors, axis=1) / growing
    around_total = forecast_intervals.widths(summed) * growing
    total = np.cumsum(expected)
    columns: dict[str, Any] = {
        "step": ahead + 1,
        "period": periods.next_ones(history.index[-1], unit, steps),
        "expected": expected,
        "total": total,
    }
    for number, level in enumerate((80, 95)):
        for sign, end in ((-1, f"low_{level}"), (1, f"high_{level}")):
            columns[end] = np.maximum(expected + sign * around[number], low)
            summed_end = total + sign * around_total[number]
            columns[f"total_{end}"] = np.maximum(summed_end, low)
    return typed(columns, EXPECTED)


def _quality(found: dict[str, BackTest], season: int) -> pd.DataFrame:
    tables = []
    for name, tested in found.items():
        within = forecast_intervals.coverage(tested.errors, tested.origins, season)
        table = pd.DataFrame(
            {
                "method": name,
                "step": np.arange(len(tested.mae)) + 1,
                "mae": tested.mae,
                "mase": tested.mae / tested.scale if tested.scale else np.nan,
                "coverage_80": within[0],
                "coverage_95": within[1],
            }
        )
        tables.append(table)
    return typed(pd.concat(tables, ignore_index=True), QUALITY)
