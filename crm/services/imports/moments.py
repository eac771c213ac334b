"""Days and moments as people write them → dates and aware times."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crm.services.imports.moment_words import YEARS, read_moment
from crm.services.imports.parsed import Parsed, Reason, by_distinct, one_array, trimmed
from crm.services.imports.votes import DateOrder

_MOMENT = pa.timestamp("us", "UTC")
_ISO = r"^$|^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$"


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
    for rewritten in (_unchanged, _as_iso):
        usual = rewritten(cells, order)
        if pc.all(pc.match_substring_regex(usual, _ISO)).as_py():
            with suppress(pa.ArrowInvalid):
                local = pc.if_else(pc.equal(usual, ""), None, usual)
                return _localized(local.cast(pa.timestamp("us")), zone, facts)
    return by_distinct(cells, _moment_reader(order, zone), _MOMENT, facts)


def _unchanged(cells: pa.Array, _order: DateOrder) -> pa.Array:
    return cells


def _as_iso(cells: pa.Array, order: DateOrder) -> pa.Array:
    """Dates made of digits as in ISO 8601, all at once; other cells as they are."""
    cells = pc.replace_substring_regex(cells, r"\b(\d)([-/.:])", r"0\1\2")
    for sign in ("-", "/", r"\."):
        day_first = order is DateOrder.DAY_FIRST or sign == r"\."
        cells = pc.replace_substring_regex(
            cells,
            rf"^(\d\d){sign}(\d\d){sign}(\d{{4}})",
            r"\3-\2-\1" if day_first else r"\3-\1-\2",
        )
    return pc.replace_substring_regex(cells, r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3")


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
