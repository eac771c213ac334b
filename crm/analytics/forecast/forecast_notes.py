"""What to say beside a forecast: what it does not know, and what is as good."""

import numpy as np
import pandas as pd

from crm.analytics.forecast import periods
from crm.analytics.forecast.forecast_methods import (
    DRIFT,
    LABELS,
    MEAN,
    NAIVE,
    SMOOTHING,
)
from crm.analytics.forecast.periods import Unit
from crm.analytics.notes import Note
from crm.i18n import N_

FEW = N_(
    "{count} whole {unit} are few: what is expected is the mean of the last {mean}, "
    "without season or trend."
)
NO_SEASON = N_(
    "{count} whole {unit} are less than two seasons, so the season is not known and "
    "what is expected is much the same for each."
)
MOSTLY_NOTHING = N_(
    "In {share:.0%} of the {unit} there was nothing. What is expected is a mean: look "
    "at the sum of several."
)
NO_BETTER = N_("No method was clearly better than repeating the last season.")
UNTOLD = N_(
    "The history is too short to tell whether this is better than repeating the last "
    "season."
)
NO_MORE = N_(
    "Exponential smoothing was not clearly better than a plainer method: {method}."
)
SILENT = N_(
    "Nothing has come since {day}. If later orders are missing, compute as of that day."
)


def doubts(beats: dict[str, bool | None]) -> tuple[Note, ...]:
    """Whether a method that looks far simpler would do as well."""
    better = beats.get(NAIVE, False)
    if not better:
        return (Note(UNTOLD if better is None else NO_BETTER),)
    as_good = [name for name in (MEAN, DRIFT) if beats.get(name) is False]
    if SMOOTHING in beats or not as_good:
        return ()
    return (Note(NO_MORE, {"method": LABELS[as_good[0]]}),)


def silence(history: pd.Series, unit: Unit) -> tuple[Note, ...]:
    """Whether the last periods without anything are more in a row than ever before."""
    active = np.flatnonzero(history.to_numpy())
    if len(active) == 0:
        return ()
    quiet = len(history) - 1 - int(active[-1])
    longest = int(np.diff(active).max(initial=1)) - 1
    if quiet <= max(2 * longest, 2):
        return ()
    last = periods.last_day(history.index[active[-1]], unit)
    return (Note(SILENT, {"day": last.isoformat()}),)
