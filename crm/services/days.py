"""Which day it is where the company is: documents, filters and analyses go by it.

By `CRM_TIMEZONE`, and so the same for every user, every door and every server: what
was sold or won at a moment is of the same day wherever it is counted, listed or shown,
and what is due on a day is due at the same moment for whoever looks.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.config import settings
from crm.models import utcnow

DUE = time(17)


def zone() -> ZoneInfo:
    """The zone of the company."""
    return ZoneInfo(settings().timezone)


def day_of(at: datetime) -> date:
    """The day it is at `at` (aware) where the company is."""
    return at.astimezone(zone()).date()


def today() -> date:
    """The day it is now where the company is."""
    return day_of(utcnow())


def start_of(day: date) -> datetime:
    """The moment (UTC) at which `day` begins where the company is.

    What is on the days from a first to a last one lies from the start of the first up
    to that of the day after the last: bounds that every database can compare with.

    Raises:
        OverflowError: it lies before the first moment there is, or after the last.
    """
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def due_on(day: date) -> datetime:
    """When what is due on `day` is due: at five in the afternoon there."""
    return datetime.combine(day, DUE, zone())


def moment_of(day: date) -> datetime:
    """A moment that is on `day` in UTC and where the company is.

    It is noon in UTC, or, where that is tomorrow, midnight.
    """
    noon, midnight = (datetime.combine(day, time(hour), UTC) for hour in (12, 0))
    return noon if day_of(noon) == day else midnight
