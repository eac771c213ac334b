"""Small files to read, and reading them whole."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
from xlsxwriter import Workbook

from crm.services.imports import reading
from crm.services.imports.formats import Chosen, RowProblem
from crm.services.imports.parsed import Parsed, Reason

SHEET = "xl/worksheets/sheet1.xml"


def csv_file(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file with exactly that content."""
    path = folder / "file.csv"
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode(encoding)
    )
    return path


def workbook(folder: Path, *rows: Sequence[Any]) -> Path:
    """A workbook whose only sheet has those rows; text is text."""
    path = folder / "file.xlsx"
    options = {
        "strings_to_formulas": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def edited(path: Path, part: str, edit: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts replaced."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = edit(parts[part])
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rows_of(path: Path, chosen: Chosen | None = None) -> list[list[str]]:
    """The usable rows of the file, as text."""
    form = reading.sniff(path, chosen)
    tables = [chunk.columns for chunk in reading.chunks(path, form)]
    return [list(row.values()) for table in tables for row in table.to_pylist()]


def problems_of(path: Path, chosen: Chosen | None = None) -> list[RowProblem]:
    """The rows of the file that are not usable."""
    form = reading.sniff(path, chosen)
    chunks = reading.chunks(path, form)
    return [problem for chunk in chunks for problem in chunk.problems]


def cells(*texts: str) -> pa.Array:
    """A column."""
    return pa.array(texts, pa.string())


def values(parsed: Parsed) -> list[Any]:
    """What came out: a value, None for a blank cell, or the name of what is wrong."""
    return [
        Reason(int(reason)).name if reason else value
        for value, reason in zip(parsed.values.to_pylist(), parsed.reasons, strict=True)
    ]
