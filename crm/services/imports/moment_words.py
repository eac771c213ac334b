"""One cell → a day and a time, in the ways people write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from crm.services.imports.parsed import Reason
from crm.services.imports.votes import DateOrder

YEARS = range(1900, 2200)
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's day 0)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_CHINESE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(r"(\d{1,2})\.?[ /-]*([^\W\d_]+)\.?[ ,/-]*(\d{4}|\d{2})(?!\d)")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? ?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")  # 1927 to 2173; 2019 is not one of them
_TIME = re.compile(
    r"(?P<half>上午|下午)? ?(?P<hour>\d{1,2})[:时点h](?P<minute>\d{2})"
    r"(?:[:分](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?秒?|分)?"
    r" ?(?P<half2>[ap]\.?m\.?)?(?: ?Uhr)? ?(?P<zone>Z|UTC|GMT|[-+]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def read_moment(cell: str, order: DateOrder) -> datetime | Reason:
    """One cell: aware if it names its zone, else naive."""
    if _SERIAL.fullmatch(cell):
        return _SERIAL_ZERO + timedelta(milliseconds=round(float(cell) * 86_400_000))
    found = _date_part(cell, order)
    if found is None:
        return Reason.NOT_A_DATE
    (year, month, number), rest = found
    if year not in YEARS:
        return Reason.YEAR_OUT_OF_RANGE
    try:
        midnight = datetime(year, month, number)  # noqa: DTZ001  (the zone comes later)
    except ValueError:
        return Reason.NO_SUCH_DAY
    return _at_time(midnight, rest.strip(" T,"))


def _date_part(cell: str, order: DateOrder) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day that `cell` starts with, and the rest of it."""
    for pattern, arrange in _PATTERNS:
        if (found := pattern.match(cell)) and (parts := arrange(found, order)):
            return parts, cell[found.end() :]
    return None


def _by_name(day_number: str, name: str, year: str) -> tuple[int, int, int] | None:
    month = month_names().get(name.casefold())
    return (_year(year), month, int(day_number)) if month else None


def _numeric(found: re.Match[str], order: DateOrder) -> tuple[int, int, int]:
    first, second = int(found[1]), int(found[3])
    if order is DateOrder.MONTH_FIRST and found[2] != ".":
        first, second = second, first
    return _year(found[4]), second, first


def _year(written: str) -> int:
    """Two digits up to 68 are of this century (POSIX)."""
    year = int(written)
    return year if len(written) > 2 else year + (2000 if year <= 68 else 1900)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[..., Any]], ...] = (
    (_YEAR_FIRST, lambda found, _order: (int(found[1]), int(found[3]), int(found[4]))),
    (_CHINESE, lambda found, _order: tuple(map(int, found.groups()))),
    (_COMPACT, lambda found, _order: tuple(map(int, found.groups()))),
    (_NUMERIC, _numeric),
    (_DAY_NAME, lambda found, _order: _by_name(found[1], found[2], found[3])),
    (_NAME_DAY, lambda found, _order: _by_name(found[2], found[1], found[3])),
)


def _at_time(midnight: datetime, rest: str) -> datetime | Reason:
    if not rest:
        return midnight
    if not (found := _TIME.fullmatch(rest)):
        return Reason.NOT_A_DATE
    hour = _hour(int(found["hour"]), found["half"] or found["half2"] or "")
    part = (found["part"] or "").ljust(6, "0")[:6]
    try:
        at = midnight.replace(
            hour=hour,
            minute=int(found["minute"]),
            second=int(found["second"] or 0),
            microsecond=int(part),
        )
    except ValueError:
        return Reason.NOT_A_DATE
    return at.replace(tzinfo=_offset(found["zone"])) if found["zone"] else at


def _hour(hour: int, half: str) -> int:
    """On the clock of 24 hours; 24 where `half` does not fit."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        return 24
    return hour % 12 + (12 if half.casefold().startswith(("p", "下")) else 0)


def _offset(written: str) -> Any:
    sign = written[0]
    if sign not in "+-":
        return UTC
    return datetime.strptime(written.replace(":", ""), "%z").tzinfo


@cache
def month_names() -> dict[str, int]:
    """Names and abbreviations of months, without case and dots, in five languages."""
    from babel import Locale

    names = {"sept": 9, "mrz": 3}
    for code in ("it", "es", "fr", "de", "en"):
        for form in Locale(code).months["format"].values():
            names |= {
                name.rstrip(".").casefold(): number
                for number, name in form.items()
                if len(name) > 2
            }
    return names
