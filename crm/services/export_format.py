"""Tables as files: CSV and XLSX in which no cell is ever a formula.

Text that a spreadsheet might compute gets an apostrophe in front in CSV, and
`csv_in` takes exactly that apostrophe off again: what goes out comes back the same.
In XLSX such text is stored as text. OWASP, "CSV Injection"; CWE-1236.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.errors import Invalid
from crm.i18n import _

XLSX_MAX_ROWS = 1_048_576
XLSX_MAX_COLUMNS = 16_384
XLSX_MAX_TEXT = 32_767
MINUTE = timedelta(minutes=1)

_UNSEEN = (
    "\\s\\x00-\\x20\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
_FORMULA = re.compile(f"[{_UNSEEN}]*[=+\\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?", re.ASCII)


def csv_out(value: Any) -> str:
    """`value` as a CSV cell that no spreadsheet takes for a formula.

    Text that starts with = + - @ (also full-width, also after white space or what
    cannot be seen), TAB or a line break gets an apostrophe in front, unless it is a
    plain number. Times come out as in ISO 8601, None as nothing.
    """
    text = _as_text(value)
    guarded = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if guarded or text.startswith("'") else text


def csv_in(cell: str) -> str:
    """What `csv_out` was given. An apostrophe of somebody else ('t Hooft) stays."""
    ours = cell.startswith("'") and csv_out(cell[1:]) == cell
    return cell[1:] if ours else cell


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    zone: tzinfo = UTC,
) -> int:
    """Write UTF-8 with the BOM that Excel needs; return the number of rows.

    Every cell is quoted: LibreOffice also splits at semicolons that are not. Aware
    times are shown in `zone`, with how far it is from UTC.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([csv_out(name) for name in header])
        for row in rows:
            writer.writerow([csv_out(_there(value, zone)) for value in row])
            count += 1
    return count


def write_xlsx(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    zone: tzinfo = UTC,
) -> int:
    """Write a workbook of one sheet, row by row; return the number of rows.

    Text is always text. Numbers that a spreadsheet would round (over 15 digits) are
    written as text. Aware times are shown in `zone`: XLSX knows no zones.

    Raises:
        Invalid: more rows, columns or characters in a cell than XLSX can hold.
    """
    from xlsxwriter import Workbook

    if len(header) > XLSX_MAX_COLUMNS:
        raise _too_much(_("XLSX holds at most 16,384 columns."))
    count = 0
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        for row in rows:
            count += 1
            if count >= XLSX_MAX_ROWS:
                raise _too_much(_("XLSX holds at most 1,048,575 rows."))
            for column, value in enumerate(row):
                _write(sheet, (count, column), _storable(value, zone), day, time)
    return count


def _there(value: Any, zone: tzinfo) -> Any:
    """`value` in `zone`, but where that was so many seconds from UTC: few read it."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value
    there = value.astimezone(zone)
    offset = there.utcoffset() or timedelta()
    return value if offset % MINUTE else there


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(" ")
        case Decimal():
            return format(value, "f")
    return str(value)


def _storable(value: Any, zone: tzinfo) -> Any:
    """`value` as a workbook can hold it exactly: else as text."""
    match value:
        case datetime(tzinfo=None):
            return value if value.year >= 1900 else _as_text(value)
        case datetime():
            return _storable(value.astimezone(zone).replace(tzinfo=None), zone)
        case date():
            return value if value.year >= 1900 else _as_text(value)
        case Decimal() | int() if not isinstance(value, bool):
            exact = len(Decimal(value).normalize().as_tuple().digits) <= 15
            return value if exact else _as_text(value)
    return value


def _write(sheet: Any, place: tuple[int, int], value: Any, day: Any, time: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(*place, value)
        case int() | float() | Decimal():
            sheet.write_number(*place, value)
        case datetime():
            sheet.write_datetime(*place, value, time)
        case date():
            sheet.write_datetime(*place, value, day)
        case _:
            if len(text := str(value)) > XLSX_MAX_TEXT:
                words = _("XLSX holds at most 32,767 characters in a cell (row {row}).")
                raise _too_much(words.format(row=place[0]))
            sheet.write_string(*place, text)


def _too_much(words: str) -> Invalid:
    return Invalid(words + " " + _("Choose CSV instead."))
