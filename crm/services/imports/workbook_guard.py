"""What a user should know about a workbook before it is opened.

A part of a workbook is XML in a ZIP archive; it is looked through as bytes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm.errors import Invalid
from crm.i18n import _

MAX_UNPACKED = 1024**3

_BLOCK = 1024 * 1024
_LONGEST_CELL = 64 * 1024
_ERROR_CELL = re.compile(rb"""<c\s[^<>]*?\bt\s*=\s*["']e["']""")
_NO_RESULT = re.compile(
    rb"""<c\s(?![^<>]*\bt\s*=\s*["']str)[^<>]*><f[^<>]*(?:/>|>[^<]*</f>)"""
    rb"""(?:<v\s*/>|<v></v>)?</c>"""
)

_BROKEN = (  # what a damaged archive raises
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Findings:
    """Cells, over all sheets, that arrive empty although something is in them."""

    error_cells: int  # #DIV/0! and the like
    formulas_without_result: int  # written by a program that did not compute them


def look_through(path: Path) -> Findings:
    """Read every part of the workbook once, in bounded memory.

    Raises:
        Invalid: damaged, encrypted, or too large when unpacked.
    """
    errors = unknown = 0
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive.infolist())
            for part in archive.infolist():
                for block in _blocks(archive, part):
                    errors += _count(_ERROR_CELL, block, hint=b'"e"')
                    unknown += _count(_NO_RESULT, block, hint=b"<f")
    except _BROKEN as error:
        raise _damaged() from error
    return Findings(errors, unknown)


def _damaged() -> Invalid:
    """The error for a workbook that cannot be opened."""
    return Invalid(_("The file is damaged: it cannot be opened as a workbook."))


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    """Before anything is unpacked."""
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid(
            _(
                "The workbook has more than {limit} MB when unpacked. Save the sheet "
                "as CSV: that is read at any size."
            ).format(limit=f"{MAX_UNPACKED // 1024**2:,}")
        )


def _count(pattern: re.Pattern[bytes], block: bytes, *, hint: bytes) -> int:
    return len(pattern.findall(block)) if hint in block else 0


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that cut no cell, unless it is very long."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            block = rest + block
            cell = block.rfind(b"<c ", -_LONGEST_CELL)
            cut = cell if cell >= 0 else len(block)
            rest = block[cut:]
            yield block[:cut]
    yield rest
