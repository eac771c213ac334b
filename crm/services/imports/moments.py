"""Days and moments as people write them → dates and aware times."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crm.i18n import _
from crm.services.imports.parsed import Parsed, Reason, by_distinct, one_array, trimmed

YEARS = range(1900, 2200)
_MOMENT = pa.timestamp("us", "UTC")
_ISO = r"^$|^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$"
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


class DateOrder(StrEnum):
    """What 05/06/2026 means. Dates with dots always start with the day."""

    DAY_FIRST = "31/12/2026"
    MONTH_FIRST = "12/31/2026"


@dataclass(frozen=True)
class DateVotes:
    """What the different cells of a column say about the order; they add up."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    example: str = ""

    def __add__(self, other: "DateVotes") -> "DateVotes":
        return DateVotes(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.either + other.either,
            self.example or other.example,
        )

    @property
    def order(self) -> DateOrder:
        """The order that most cells allow; the day first when they do not say."""
        month = self.month_first > self.day_first
        return DateOrder.MONTH_FIRST if month else DateOrder.DAY_FIRST

    @property
    def doubt(self) -> str:
        """What the user should decide, in words; "" when the cells are clear."""
        if self.day_first and self.month_first:
            return _("Dates are written in two orders; some will not be read.")
        if self.either and not self.day_first and not self.month_first:
            words = _("“{cell}” can be read in two ways; it is taken as in {example}.")
            return words.format(cell=self.example, example=self.order.value)
        return ""


def date_votes(cells: pa.Array) -> DateVotes:
    """The votes of one chunk of a column; add them up over all chunks."""
    different = trimmed(pc.unique(one_array(cells)))
    parts = pc.extract_regex(
        different, r"^(?P<a>\d{1,2})[-/](?P<b>\d{1,2})[-/](?:\d{4}|\d{2})(?:\D|$)"
    )
    different, parts = different.filter(parts.is_valid()), parts.drop_null()
    first, second = (
        parts.field(name).cast(pa.int64()).to_numpy() for name in ("a", "b")
    )
    either = (first <= 12) & (second <= 12) & (first != second)
    unsure = different.filter(pa.array(either, pa.bool_()))
    return DateVotes(
        int(((first > 12) & (second <= 12)).sum()),
        int(((second > 12) & (first <= 12)).sum()),
        len(unsure),
        unsure[0].as_py() if len(unsure) else "",
    )


def day(cells: pa.Array, order: DateOrder = DateOrder.DAY_FIRST) -> Parsed:
    """Dates (date32); a time of day beside them is left out."""

    def read(cell: str) -> date | Reason:
        found = read_moment(cell, order)
        return found if isinstance(found, Reason) else found.date()

    cells = trimmed(one_array(cells))
    return by_distinct(cells, read, pa.date32(), {"example": order.value})


def moment(
    cells: pa.Array,
    order: DateOrder = DateOrder.DAY_FIRST,
    zone: ZoneInfo | None = None,
) -> Parsed:
    """Moments (timestamp, microseconds, UTC). What names no zone is in `zone`.

    Of an hour that the clocks go through twice, the first one is meant.
    """
    cells = trimmed(one_array(cells))
    zone = zone or ZoneInfo("UTC")
    facts = {"example": order.value, "zone": zone.key}
    if pc.all(pc.match_substring_regex(cells, _ISO)).as_py():
        with suppress(pa.ArrowInvalid):
            local = pc.if_else(pc.equal(cells, ""), None, cells)
            return _localized(local.cast(pa.timestamp("us")), zone, facts)
    return by_distinct(cells, _moment_reader(order, zone), _MOMENT, facts)


def _localized(local: pa.Array, zone: ZoneInfo, facts: dict[str, str]) -> Parsed:
    """Naive times, taken in `zone`, all at once."""
    naive = pd.DatetimeIndex(local.to_numpy(zero_copy_only=False))
    first = np.ones(len(naive), dtype=bool)
    aware = naive.tz_localize(zone, ambiguous=first, nonexistent="NaT").tz_convert(UTC)
    reasons = np.zeros(len(naive), dtype=np.int8)
    reasons[aware.isna() & ~naive.isna()] = Reason.NO_SUCH_TIME
    outside = ~naive.isna() & ((naive.year < YEARS[0]) | (naive.year > YEARS[-1]))
    reasons[outside] = Reason.YEAR_OUT_OF_RANGE
    utc = aware.tz_localize(None).to_numpy().astype("datetime64[us]")
    values = pa.array(utc, pa.timestamp("us"), mask=aware.isna() | outside)
    return Parsed(values.cast(_MOMENT), reasons, facts)


def _moment_reader(
    order: DateOrder, zone: ZoneInfo
) -> Callable[[str], datetime | Reason]:
    def read(cell: str) -> datetime | Reason:
        found = read_moment(cell, order)
        if isinstance(found, Reason) or found.tzinfo:
            return found
        aware = found.replace(tzinfo=zone)
        there = aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        return aware if there == found else Reason.NO_SUCH_TIME

    return read


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
