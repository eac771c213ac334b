"""Days, weeks and months: what came day by day, added up over whole periods."""

from datetime import date
from typing import Literal

import pandas as pd

from crm.i18n import N_

Unit = Literal["day", "week", "month"]

UNITS: tuple[Unit, ...] = ("day", "week", "month")
SEASON: dict[Unit, int] = {"day": 7, "week": 52, "month": 12}  # periods
LONGEST: dict[Unit, int] = {"day": 1461, "week": 522, "month": 240}  # periods
WORDS: dict[Unit, str] = {"day": N_("days"), "week": N_("weeks"), "month": N_("months")}
FREQUENCY: dict[Unit, str] = {"day": "D", "week": "W-SUN", "month": "M"}


def whole(days: pd.DataFrame, unit: Unit, *, first: date, until: date) -> pd.DataFrame:
    """The sums over each whole period from `first` to `until`, both days included.

    A period that began before `first`, or is not over at the end of `until`, is left
    out; one without any row is there with zeros. Weeks begin on Monday. Of a long
    history only the `LONGEST` is kept.

    Args:
        days: `day`, and columns to add up; several rows of a day are added too.

    Returns:
        These columns; the index, `period`, holds the first day of each period.
    """
    frequency = FREQUENCY[unit]
    begins = pd.Timestamp(first).to_period(frequency)
    ends = pd.Timestamp(until).to_period(frequency)
    if begins.start_time.date() < first:
        begins += 1
    if ends.end_time.date() > until:
        ends -= 1
    every = pd.period_range(begins, ends, freq=frequency)[-LONGEST[unit] :]
    summed = days.groupby(days["day"].dt.to_period(frequency)).sum(numeric_only=True)
    table = summed.reindex(every, fill_value=0).astype("float64")
    return table.set_axis(every.to_timestamp().rename("period").astype("datetime64[s]"))


def next_ones(last: pd.Timestamp, unit: Unit, steps: int) -> pd.DatetimeIndex:
    """The first days of the `steps` periods after the one that begins on `last`."""
    following = last.to_period(FREQUENCY[unit]) + 1
    every = pd.period_range(following, periods=steps, freq=FREQUENCY[unit])
    return every.to_timestamp().astype("datetime64[s]")


def last_day(period: pd.Timestamp, unit: Unit) -> date:
    """The last day of the period that begins on `period`."""
    end: date = period.to_period(FREQUENCY[unit]).end_time.date()
    return end
