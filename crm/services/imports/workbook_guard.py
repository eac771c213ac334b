"""What may be dangerous or misleading inside a workbook, found before it is opened.

A reader that holds a sheet as a full rectangle can be brought down by a small file:
two cells at opposite corners ask for half a terabyte. So the parts are looked
through as bytes first.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from crm.errors import Invalid
from crm.i18n import _

MAX_UNPACKED = 1024**3
MAX_CELLS = 20_000_000

_BLOCK = 1024 * 1024
_LONGEST_TAG = 64 * 1024
_PLAIN = bytes.maketrans(b"'", b'"')  # one spelling of XML attributes:
_SPACE = b" \t\r\n"  # double quotes, and no white space
_CELL = re.compile(rb'<(?:[\w.-]+:)?c[^<>]*?r="([A-Za-z]+)([0-9]+)"')
_ERROR_CELL = re.compile(rb"""<c\s[^<>]*?\bt\s*=\s*["']e["']""")
_NO_RESULT = re.compile(
    rb"""<c\s(?![^<>]*\bt\s*=\s*["']str)[^<>]*><f[^<>]*(?:/>|>[^<]*</f>)"""
    rb"""(?:<v\s*/>|<v></v>)?</c>"""
)


@dataclass(frozen=True)
class Findings:
    """What a user should know about the cells of a workbook, over all sheets."""

    error_cells: int  # #DIV/0! and the like; they arrive empty
    formulas_without_result: int  # never computed and saved; they arrive empty


def look_through(path: Path) -> Findings:
    """Read every part of the workbook once, in bounded memory.

    Raises:
        Invalid: damaged, encrypted, too large when unpacked, or too many cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive.infolist())
            found = [_look(archive, part) for part in archive.infolist()]
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError) as error:
        raise damaged() from error
    return Findings(sum(errors for errors, _n in found), sum(n for _e, n in found))


def damaged() -> Invalid:
    """The error for a workbook that cannot be opened."""
    return Invalid(_("The file is damaged: it cannot be opened as a workbook."))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names):
        raise damaged()
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid(
            _(
                "The workbook is larger than {limit} MB when unpacked. Save the sheet "
                "as CSV: that is read at any size."
            ).format(limit=f"{MAX_UNPACKED // 1024**2:,}")
        )


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """Numbers of error cells and of formulas without a result in one part."""
    columns, rows, errors, unknown = {b"A"}, {b"1"}, 0, 0
    for block in _blocks(archive, part):
        found = _CELL.findall(block.translate(_PLAIN, _SPACE))
        columns.update(map(itemgetter(0), found))
        rows = {max(rows.union(map(itemgetter(1), found)), key=int)}
        _check_size(max(map(_column_number, columns)), int(next(iter(rows))))
        if b'"e"' in block or b"'e'" in block:
            errors += len(_ERROR_CELL.findall(block))
        if b"<f" in block:
            unknown += len(_NO_RESULT.findall(block))
    return errors, unknown


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that cut no tag, nor a cell unless it is very long."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            block = rest + block
            cut = max(block.rfind(b"<c "), block.rfind(b"<row", -_LONGEST_TAG))
            if cut < len(block) - _LONGEST_TAG:
                cut = block.rfind(b"<")
            if cut < len(block) - _LONGEST_TAG:
                cut = len(block)  # no markup here
            rest = block[cut:]
            yield block[:cut]
    yield rest


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA; the same for small letters."""
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    return number


def _check_size(columns: int, rows: int) -> None:
    if columns * rows > MAX_CELLS:
        raise Invalid(
            _(
                "The sheet spans {rows} rows and {columns} columns, more than "
                "{limit} cells. Delete what is not needed, or save it as CSV."
            ).format(rows=f"{rows:,}", columns=f"{columns:,}", limit=f"{MAX_CELLS:,}")
        )
