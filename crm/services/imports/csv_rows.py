"""The rows of a CSV file, one batch after the other, broken ones told."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crm.errors import Invalid
from crm.i18n import _
from crm.services.imports.encodings import KEEP
from crm.services.imports.formats import FileFormat, Row

_BUFFER = 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024


def dialect(delimiter: str, quotechar: str) -> dict[str, Any]:
    """Arguments for `csv.reader`; without a `quotechar`, nothing is quoted."""
    if not quotechar:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    return {"delimiter": delimiter, "quotechar": quotechar}


@contextmanager
def opened(path: Path, form: FileFormat) -> Iterator["Rows"]:
    """The file from its first row on, the header included.

    Raises:
        Invalid: the delimiter or the quotation mark of `form` is none.
    """
    with _Bytes(path) as counted, io.BufferedReader(counted, _BUFFER) as buffered:
        text = io.TextIOWrapper(buffered, form.encoding, errors=KEEP, newline="")
        how = dialect(form.delimiter, form.quotechar)
        try:
            reader = csv.reader(text, strict=True, **how)
        except (TypeError, ValueError) as error:
            words = _("Delimiter and quotation mark are one character each.")
            raise Invalid(words, field="delimiter") from error
        yield Rows(counted, reader)


class _Bytes(io.RawIOBase):
    """A file that counts what was read of it, and refuses endless lines."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._since_newline = 0
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._file.readinto(buffer) or 0
        block = bytes(memoryview(buffer)[:size])
        newline = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._since_newline = (
            size - newline - 1 + (self._since_newline if newline < 0 else 0)
        )
        if self._since_newline > _LONGEST_LINE:
            raise Invalid(_("This is no table: a line is longer than 16 MB."))
        self.count += size
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


@dataclass
class Rows:
    """A CSV reader that survives broken rows and knows where it is."""

    _file: _Bytes
    _reader: Any
    _taken: int = 0

    @property
    def bytes_read(self) -> int:
        """How far into the file, to the megabyte."""
        return self._file.count

    def take(self, size: int) -> tuple[list[Row], dict[int, str]]:
        """The next rows, and by position what was wrong with unreadable ones."""
        rows: list[Row] = []
        unreadable: dict[int, str] = {}
        while len(rows) < size:
            before = len(rows)
            try:
                rows.extend(islice(self._reader, size - before))
            except csv.Error as error:
                unreadable[len(rows)] = self._explain(error, len(rows))
                rows.append([])
            if len(rows) == before:
                break
        self._taken += len(rows)
        return rows, unreadable

    def _explain(self, error: csv.Error, taken: int) -> str:
        """What is wrong with the row that could not be read.

        Raises:
            Invalid: it is not only this row; where the next one starts is unknown.
        """
        line = self._reader.line_num
        if "field limit" in str(error) or "end of data" in str(error):
            raise Invalid(
                _(
                    "A quotation mark opened after row {row} of the file is not "
                    "closed, or a cell is longer than 131,072 characters (noticed in "
                    "line {line}). Correct it, or choose another quotation mark."
                ).format(row=self._taken + taken, line=line)
            ) from error
        return _("Line {line}: a quotation mark inside a cell is not doubled.").format(
            line=line
        )
