"""When an opportunity was opened, when it ended or should, and whether that can be."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crm.i18n import N_
from crm.models import StageKind

NO_END = N_("It is won or lost, but no close date says when.")
END_AHEAD = N_("It is won or lost on a day that lies in the future.")
OPENED_AHEAD = N_("It is opened on a day that lies in the future.")
END_FIRST = N_("It ends before it was opened.")


class Impossible(ValueError):
    """Times that contradict each other.

    Args:
        words: in English, to be shown by `_()`.
        field: the field at fault.
    """

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.words, self.field = words, field


@dataclass(frozen=True)
class Times:
    """`opened_at`, `closed_at` (None while it is open) and `close_on`, the day of the
    end, expected or real.
    """

    opened_at: datetime
    closed_at: datetime | None
    close_on: date | None


def times(
    opened: datetime | None,
    closes: datetime | None,
    kind: StageKind,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Times:
    """What a file says about an opportunity of `kind`, put in order; all are aware.

    Without an opening, it was opened `now`, or when it ended. An end without a time of
    day is that of its day: not before an opening on the same day.

    Raises:
        Impossible: they contradict each other, or an end is missing.
    """
    if opened is not None and opened > now:
        raise Impossible(OPENED_AHEAD, "opened")
    close_on = None if closes is None else closes.astimezone(zone).date()
    if kind is StageKind.OPEN:
        return Times(opened or now, None, close_on)
    closed = end(opened, closes, now=now, zone=zone)
    return Times(opened or closed, closed, close_on)


def end(
    opened: datetime | None, closes: datetime | None, *, now: datetime, zone: ZoneInfo
) -> datetime:
    """When something that is won or lost ended.

    Raises:
        Impossible: as of `times`.
    """
    if closes is None:
        raise Impossible(NO_END, "closes")
    if closes > now:
        raise Impossible(END_AHEAD, "closes")
    if opened is None or closes >= opened:
        return closes
    here, there = closes.astimezone(zone), opened.astimezone(zone)
    if here.time() == time() and here.date() == there.date():
        return opened
    raise Impossible(END_FIRST, "closes")
