"""Write one sheet of a workbook as CSV to standard output; a program of its own.

A file of 5 KB can make the library that opens workbooks ask for half a terabyte (two
cells in opposite corners; a wrong count of texts), and then it ends its process. So
it runs in this one, whose memory is limited; nothing of the application is loaded.

Arguments: path, name of the sheet or "" for the first visible one, megabytes.
The first line is JSON: `sheets`, `sheet` ("" if there is none such) and `height` in
rows. Formulas arrive as the values that were saved with them; dates as ISO 8601,
numbers as plain decimals of at most 15 digits, as a spreadsheet shows them.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


def main(path: str, sheet: str, megabytes: str) -> None:
    """Write the head line and the rows."""
    limit(int(megabytes) * 1024**2)
    from python_calamine import CalamineWorkbook

    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    with open(path, "rb") as file:  # noqa: PTH123  (this program imports little)
        book = CalamineWorkbook.from_filelike(file)
        sheets = sheet_names(book)
        name = sheet or (sheets[0] if sheets else "")
        opened = book.get_sheet_by_name(name) if name in sheets else None
        head = {
            "sheets": sheets,
            "sheet": name if opened else "",
            "height": opened.total_height if opened else 0,
        }
        out.write(json.dumps(head) + "\n")
        csv.writer(out).writerows(rows(opened) if opened else ())
    out.flush()


def limit(size: int) -> None:
    """Allow this process `size` bytes and ten minutes, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def sheet_names(book: Any) -> list[str]:
    """The sheets with cells, visible ones first."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    tables = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    tables.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    return [sheet.name for sheet in tables]


def rows(sheet: Any) -> Iterator[list[str]]:
    """All rows from the top of the sheet on, as text."""
    for row in sheet.iter_rows():
        yield [TEXT[type(cell)](cell) for cell in row]


def number(value: float) -> str:
    """As a spreadsheet shows it: 15 digits, so that 0.1 + 0.2 is 0.3."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


TEXT: dict[type, Any] = {
    str: str,
    int: str,
    float: number,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" "),
    time: time.isoformat,
    timedelta: str,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
