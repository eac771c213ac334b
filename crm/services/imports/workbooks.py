"""XLSX: sheets, and their rows as a program apart reads them."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crm.errors import Invalid
from crm.i18n import _, ngettext
from crm.services.imports.formats import XLSX, Chosen, Chunk, FileFormat, Row
from crm.services.imports.tables import chunk_of, unique_names
from crm.services.imports.workbook_guard import Findings, look_through

MAX_MEMORY_MB = 4096  # of the program that reads; a million cells take about 100

_READER = Path(__file__).with_name("sheet_reader.py")
_SAMPLE_ROWS = 20
_HEADER_WITHIN = 100  # rows


def sniff(path: Path, chosen: Chosen) -> FileFormat:
    """The format of a workbook: the chosen sheet, else the first visible one.

    Raises:
        Invalid: damaged, too large, without such a sheet, or the sheet is empty.
    """
    findings = look_through(path)
    with _opened(path, chosen.sheet or "") as sheet:
        if not sheet.name:
            words = _("The workbook has no sheet “{name}”.")
            raise Invalid(words.format(name=chosen.sheet or ""), field="sheet")
        rows = sheet.take(chosen.skip + _HEADER_WITHIN)
    below = range(chosen.skip, len(rows))
    first = next((place for place in below if any(rows[place])), None)
    if first is None:
        raise Invalid(_("The sheet “{name}” is empty.").format(name=sheet.name))
    head, data = rows[first], rows[first + chosen.has_header :]
    names, notes = unique_names(head if chosen.has_header else [""] * len(head))
    data = [row for row in data if any(row)]
    is_empty = not data and len(rows) < chosen.skip + _HEADER_WITHIN
    return FileFormat(
        kind=XLSX,
        header=names,
        n_bytes=path.stat().st_size,
        sheet=sheet.name,
        sheets=sheet.names,
        has_header=chosen.has_header,
        skipped=first,
        sample_rows=tuple(map(tuple, data[:_SAMPLE_ROWS])),
        notes=(notes if chosen.has_header else ()) + _told(findings, is_empty),
        is_empty=is_empty,
    )


def parts(path: Path, form: FileFormat, size: int) -> Iterator[Chunk]:
    """The rows of the sheet, at most `size` at a time.

    Raises:
        Invalid: the file is damaged or too large.
    """
    with _opened(path, form.sheet) as sheet:
        sheet.take(form.skipped + form.has_header)
        number = 1
        while rows := sheet.take(size):
            done = (form.skipped + number + len(rows)) / (sheet.height or 1)
            share = min(form.n_bytes, int(form.n_bytes * done))
            yield chunk_of(rows, form, number, share, {})
            number += len(rows)


@dataclass
class _Sheet:
    """A sheet that another program is reading."""

    names: tuple[str, ...]
    name: str
    height: int
    _program: subprocess.Popen[bytes]
    _reader: Any

    def take(self, size: int) -> list[Row]:
        """The next rows, fewer at the end.

        Raises:
            Invalid: the program could not read on.
        """
        try:
            rows = list(islice(self._reader, size))
        except (csv.Error, UnicodeDecodeError) as error:
            raise _unreadable() from error
        if len(rows) < size and self._program.wait() != 0:
            raise _unreadable()
        return rows


@contextmanager
def _opened(path: Path, name: str) -> Iterator[_Sheet]:
    command = [sys.executable, "-I", str(_READER), str(path), name, str(MAX_MEMORY_MB)]
    program = subprocess.Popen(  # noqa: S603  (our own script, and no shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with program:
        try:
            yield _sheet(program)
        finally:
            program.kill()


def _sheet(program: subprocess.Popen[bytes]) -> _Sheet:
    out: Any = program.stdout
    if not (line := out.readline()):
        raise _unreadable()
    head = json.loads(line)
    rows = csv.reader(io.TextIOWrapper(out, "utf-8", newline=""), strict=True)
    return _Sheet(tuple(head["sheets"]), head["sheet"], head["height"], program, rows)


def _unreadable() -> Invalid:
    return Invalid(
        _(
            "The workbook cannot be opened: it is damaged, has a password, or spans "
            "too many cells. Save the sheet as CSV."
        )
    )


def _told(findings: Findings, is_empty: bool) -> tuple[str, ...]:
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
    if is_empty:
        notes.append(_("There is a header, but no row of data."))
    return tuple(notes)
