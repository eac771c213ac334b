"""Which day it is where the company is: the day that documents are written on.

By `CRM_TIMEZONE`, and so the same for every user, every door and every server. What
is somebody's own, such as a task for tomorrow, goes by `crm.ui.format.today`; the
days of analyses are those of UTC.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.config import settings
from crm.models import utcnow


def zone() -> ZoneInfo:
    """The zone of the company."""
    return ZoneInfo(settings().timezone)


def day_of(at: datetime) -> date:
    """The day it is at `at` (aware) where the company is."""
    return at.astimezone(zone()).date()


def today() -> date:
    """The day it is now where the company is."""
    return day_of(utcnow())


def moment_of(day: date) -> datetime:
    """A moment that is on `day` in UTC and where the company is.

    It is noon in UTC, or, where that is tomorrow, midnight.
    """
    noon, midnight = (datetime.combine(day, time(hour), UTC) for hour in (12, 0))
    return noon if day_of(noon) == day else midnight
