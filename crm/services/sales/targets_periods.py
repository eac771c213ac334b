"""Months, quarters and years as targets and forecasts have them."""

from datetime import date, timedelta

from crm.models import Period
from crm.models.terms import add_months

DAY = timedelta(days=1)


def first_day(period: Period, day: date) -> date:
    """The first day of the month, quarter or year of `day`."""
    months = period.months
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shifted(period: Period, starts_on: date, count: int) -> date:
    """The first day of the period that comes `count` after (before, if negative)."""
    return add_months(starts_on, count * period.months)


def last_day(period: Period, starts_on: date) -> date:
    """The last day of the period that begins on `starts_on`."""
    return shifted(period, starts_on, 1) - DAY


def share_gone(period: Period, starts_on: date, today: date) -> float:
    """How much of a period is over on the evening of `today`, 0 to 1."""
    days = (shifted(period, starts_on, 1) - starts_on).days
    return min(max((today - starts_on).days + 1, 0), days) / days


def weeks_left(period: Period, starts_on: date, today: date) -> float:
    """The weeks of a period that come after `today`, 0 when it is over."""
    begins = max(starts_on, today + DAY)
    return max((shifted(period, starts_on, 1) - begins).days, 0) / 7
