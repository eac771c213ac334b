"""XLSX: sheets, and their cells as text.

Formulas arrive as the values that were saved with them; nothing is computed. Dates
arrive as ISO 8601, numbers as plain decimals of at most 15 digits, as in Excel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from crm.errors import Invalid
from crm.i18n import _, ngettext
from crm.services.imports.formats import XLSX, Chosen, Chunk, FileFormat, Row
from crm.services.imports.tables import chunk_of, unique_names
from crm.services.imports.workbook_guard import Findings, damaged, look_through

_SAMPLE_ROWS = 20
_CHUNK_CELLS = 2_000_000


def sniff(path: Path, chosen: Chosen) -> FileFormat:
    """The format of a workbook: the chosen sheet, else the first visible one.

    Raises:
        Invalid: damaged, dangerous, without such a sheet, or the sheet is empty.
    """
    findings = look_through(path)
    with _opened(path) as book:
        sheets = _sheets(book)
        name = chosen.sheet or next(iter(sheets), "")
        if name not in sheets:
            raise Invalid(_("The workbook has no sheet “{name}”.").format(name=name))
        rows = list(islice(_rows(book, name), 10_000))
    first = next((place for place, row in enumerate(rows) if any(row)), None)
    if first is None:
        raise Invalid(_("The sheet “{name}” is empty.").format(name=name))
    head, data = rows[first], rows[first + chosen.has_header :]
    names, notes = unique_names(head if chosen.has_header else [""] * len(head))
    data = [row for row in data if any(row)]
    return FileFormat(
        kind=XLSX,
        header=names,
        n_bytes=path.stat().st_size,
        sheet=name,
        sheets=sheets,
        has_header=chosen.has_header,
        skipped=first,
        sample_rows=tuple(map(tuple, data[:_SAMPLE_ROWS])),
        notes=(notes if chosen.has_header else ()) + _told(findings, data),
    )


def chunks(path: Path, form: FileFormat, size: int) -> Iterator[Chunk]:
    """The rows of the sheet, at most `size` at a time; fewer where they are wide.

    Raises:
        Invalid: damaged or dangerous.
    """
    look_through(path)
    size = max(1, min(size, _CHUNK_CELLS // len(form.header)))
    with _opened(path) as book:
        height = book.get_sheet_by_name(form.sheet).total_height
        rows = islice(_rows(book, form.sheet), form.skipped + form.has_header, None)
        number = 1
        while batch := list(islice(rows, size)):
            done = (number + len(batch)) / (height or 1)
            share = min(form.n_bytes, int(form.n_bytes * done))
            yield chunk_of(batch, form, first=number, bytes_read=share)
            number += len(batch)


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    with path.open("rb") as file:
        try:
            with CalamineWorkbook.from_filelike(file) as book:
                yield book
        except CalamineError as error:
            raise damaged() from error


def _sheets(book: CalamineWorkbook) -> tuple[str, ...]:
    """Names of the sheets with cells, visible ones first."""
    tables = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    tables.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    return tuple(sheet.name for sheet in tables)


def _rows(book: CalamineWorkbook, name: str) -> Iterator[Row]:
    for row in book.get_sheet_by_name(name).iter_rows():
        yield [_TEXT[type(cell)](cell) for cell in row]


def _number(value: float) -> str:
    """As Excel shows it: 15 digits, so that 0.1 + 0.2 is 0.3."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


_TEXT: dict[type, Any] = {
    str: str,
    int: str,
    float: _number,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" "),
    time: time.isoformat,
    timedelta: str,
}


def _told(findings: Findings, data: list[Row]) -> tuple[str, ...]:
    notes = []
    if errors := findings.error_cells:
        words = ngettext(
            "{count} cell of the workbook shows an error such as #DIV/0!; it is "
            "read as empty.",
            "{count} cells of the workbook show an error such as #DIV/0!; they are "
            "read as empty.",
            errors,
        )
        notes.append(words.format(count=errors))
    if formulas := findings.formulas_without_result:
        words = ngettext(
            "{count} formula was saved without its result and is read as empty; open "
            "and save the file in Excel once.",
            "{count} formulas were saved without their results and are read as empty; "
            "open and save the file in Excel once.",
            formulas,
        )
        notes.append(words.format(count=formulas))
    if not data:
        notes.append(_("There is a header, but no row of data."))
    return tuple(notes)
