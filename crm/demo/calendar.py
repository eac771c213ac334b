"""The days on record, and how busy each of them is.

A customer's own rhythm runs in *busy days*: a clock that goes fast before
Christmas, slowly in summer and stands still while its office is closed. An order
is drawn on that clock and then looked up in the calendar, so that the season,
the trend and the week hold exactly.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.truths import GROWTH, SEASON, WEEK

DAYS_A_YEAR = 365.25
OPENING = 8 * 3600  # seconds after midnight, UTC
OPEN_FOR = 9.5 * 3600


@dataclass(frozen=True)
class Calendar:
    """Day 0 is `start`; the last day on record is the one before `today`.

    Attributes:
        busy: per kind of customer, the busy days gone by at the start of each day,
            `days` + 1 values.
    """

    today: date
    start: date
    days: int
    busy: dict[str, Any]

    @classmethod
    def ending(cls, today: date, years: float) -> "Calendar":
        days = round(years * DAYS_A_YEAR)
        start = today - timedelta(days=days)
        weights = {kind: busyness(start, days, kind) for kind in WEEK}
        busy = {kind: np.append(0, day.cumsum()) for kind, day in weights.items()}
        return cls(today, start, days, busy)

    def to_busy(self, companies: Any, day: Any) -> Any:
        """Busy days gone by at `day` (float, from `start`), by kind of customer."""
        return self._look_up(companies, day, lambda busy: (np.arange(len(busy)), busy))

    def to_day(self, companies: Any, busy_day: Any) -> Any:
        """The day (float, from `start`) at which `busy_day` busy days are over."""
        return self._look_up(
            companies, busy_day, lambda busy: (busy, np.arange(len(busy)))
        )

    def _look_up(self, companies: Any, values: Any, table: Any) -> Any:
        company = np.interp(values, *table(self.busy["company"]))
        return np.where(
            companies, company, np.interp(values, *table(self.busy["person"]))
        )

    def at(self, day: Any) -> Any:
        """The instant of `day`: its fraction is spread over the business hours."""
        whole = np.floor(day)
        seconds = whole * 86_400 + OPENING + (day - whole) * OPEN_FOR
        return np.datetime64(self.start, "s") + seconds.astype("timedelta64[s]")


def busyness(start: date, days: int, kind: str) -> Any:
    """The weight of each day; 1 is an average day of the first year."""
    dates = pd.date_range(start, periods=days)
    season = np.array(SEASON)[dates.month - 1]
    week = np.array(WEEK[kind])[dates.day_of_week]
    return season * week * trend(np.arange(days))


def trend(day: Any) -> Any:
    """The multiplier of growth at `day`, counted from the first one."""
    return (1 + GROWTH) ** (day / DAYS_A_YEAR)
