"""What is unusual: the last days or weeks against what was expected of them.

Each series is expected to go on as exponential smoothing says, one period ahead, from
what stood before that period alone. How far off that was, measured in the series' own
usual distance (the median absolute deviation), is its surprise. The surprises of a
reference time before, of all series together, say how rare such a one is: a p-value
without any assumption about the shape of the noise.

An alert is a p-value up to `threshold`. Over T tests a month at threshold p, T × p
alarms a month are false on average, whatever the series have to do with each other;
so the budget of false alarms, divided by T, is the threshold (as Bonferroni, for an
expected number).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.forecast import periods, smoothing, surprise
from crm.analytics.forecast.smoothing import Values
from crm.analytics.forecast.surprise import LEAST, LOOKED_AT, SEASON, Judged, Unit
from crm.analytics.notes import Note
from crm.frames import Schema, empty, typed
from crm.i18n import N_

A_MONTH: dict[Unit, float] = {"day": 365.25 / 12, "week": 365.25 / 12 / 7}  # periods
BAND = 0.95
RARE = 2  # alarms in the whole reference time, the fewest that it can tell apart

SCORES: Schema = {  # one row per series and scored period
    "series": "str",
    "period": "datetime64[s]",
    "actual": "float64",
    "expected": "float64",
    "low": "float64",  # of the 95% interval
    "high": "float64",
    "surprise": "float64",  # how far off, in usual distances; below 0 is less
    "p_value": "float64",
}
EARLY: Schema = {  # what came before the scored periods, for charts
    "series": "str",
    "period": "datetime64[s]",
    "actual": "float64",
}
SHORT = N_("There are {count} whole {unit}; watching takes {least}.")


@dataclass(frozen=True)
class Watched:
    """The last periods of many series, scored.

    Attributes:
        scores: as in `SCORES`.
        early: as in `EARLY`.
        series: names of those watched.
        left_out: names of those with too little in them.
        reference: surprises that the p-values were counted among.
        months: the length of the reference time.
        why_none: why nothing is watched, where that is so.
    """

    unit: Unit
    scores: pd.DataFrame
    early: pd.DataFrame
    series: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    reference: int = 0
    months: float = 0.0
    why_none: Note | None = None


def threshold(budget: float, *, unit: Unit, series: int) -> float:
    """The p-value up to which to raise an alarm.

    Args:
        budget: false alarms a month, on average, of all series together.
        series: how many are watched.
    """
    return min(1.0, budget / (series * A_MONTH[unit])) if series else 0.0


def watch(values: pd.DataFrame, unit: Unit) -> Watched:
    """Score the last periods of each column.

    Args:
        values: one column per series, by its name; the index is the first day of each
            whole period (see `periods.whole`). NaN is nothing, as 0 is.
    """
    scored, needed = LOOKED_AT[unit], LEAST[unit] + LOOKED_AT[unit]
    needed += smoothing.to_begin(SEASON["day"] if unit == "day" else 1)
    if len(values) < needed:
        facts = {"count": len(values), "unit": periods.WORDS[unit], "least": needed}
        why = Note(SHORT, facts)
        return Watched(unit, empty(SCORES), empty(EARLY), why_none=why)
    tried = {name: surprise.judged(values[name].fillna(0), unit) for name in values}
    judged = [one for one in tried.values() if one is not None]
    left_out = tuple(name for name, one in tried.items() if one is None)
    if not judged:
        return Watched(unit, empty(SCORES), empty(EARLY), left_out=left_out)
    known = np.sort(np.concatenate([one.surprise[one.reference] for one in judged]))
    longest = max(one.reference.stop - one.reference.start for one in judged)
    return Watched(
        unit=unit,
        scores=_table([_scores(one, known, scored) for one in judged], SCORES),
        early=_table([_early(one, scored) for one in judged], EARLY),
        series=tuple(one.name for one in judged),
        left_out=left_out,
        reference=len(known),
        months=longest / A_MONTH[unit],
    )


def _scores(one: Judged, known: Values, scored: int) -> pd.DataFrame:
    """Two-sided: twice the smaller of the shares that lie as far below or above."""
    off = one.surprise[-scored:]
    count = len(known)
    below = (1 + np.searchsorted(known, off, side="right")) / (count + 1)
    above = (1 + count - np.searchsorted(known, off, side="left")) / (count + 1)
    low, high = np.quantile(known, [(1 - BAND) / 2, (1 + BAND) / 2])
    expected, distance = one.expected[-scored:], one.distance[-scored:]
    return pd.DataFrame(
        {
            "series": one.name,
            "period": one.actual.index[-scored:],
            "actual": one.actual.to_numpy()[-scored:],
            "expected": expected,
            "low": expected + low * distance,
            "high": expected + high * distance,
            "surprise": off,
            "p_value": np.minimum(1, 2 * np.minimum(below, above)),
        }
    )


def _early(one: Judged, scored: int) -> pd.DataFrame:
    """As long again as the scored periods, twice."""
    before = one.actual.iloc[-3 * scored : -scored]
    columns = {"series": one.name, "period": before.index, "actual": before.to_numpy()}
    return pd.DataFrame(columns)


def _table(parts: list[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    return typed(pd.concat(parts, ignore_index=True), schema)


def alerts(
    scores: pd.DataFrame, *, budget: float, unit: Unit, series: int
) -> pd.DataFrame:
    """The scored periods that are unusual, newest first, then the most surprising.

    Args:
        scores: as in `SCORES`.
        budget, series: see `threshold`.
    """
    limit = threshold(budget, unit=unit, series=series)
    found = scores[scores["p_value"] <= limit]
    by_size = found.assign(size=found["surprise"].abs())
    ordered = by_size.sort_values(["period", "size"], ascending=False, kind="stable")
    return ordered.drop(columns="size").reset_index(drop=True)
