"""What is known about a file, and the pieces it is handed out in."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

CSV = "csv"
XLSX = "xlsx"
Row = list[str]


@dataclass(frozen=True)
class Chosen:
    """What a user has settled about a file; None leaves it to be detected.

    `skip` is the number of rows above the header, such as a title.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str = '"'
    sheet: str | None = None
    has_header: bool = True
    skip: int = 0


@dataclass(frozen=True)
class FileFormat:
    """How a file is to be read; plain values, fit to be stored as JSON.

    `header` holds unique names, one per column; `skipped` is the number of lines or
    sheet rows before the first row; `notes` are sentences to show to the user.
    `encoding`, `delimiter` and `quotechar` are empty for XLSX, `sheets` for CSV.
    `is_empty`: the file ends with no row that holds anything, but for the header.
    """

    kind: str
    header: tuple[str, ...]
    n_bytes: int
    encoding: str = ""
    delimiter: str = ""
    quotechar: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    has_header: bool = True
    skipped: int = 0
    sample_rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    is_empty: bool = False


class Trouble(StrEnum):
    """Why a row cannot be used as it stands in the file."""

    BLANK = "blank"  # nothing in it: skipped, but counted
    TOO_FEW = "too few"
    TOO_MANY = "too many"
    UNREADABLE = "unreadable"  # broken quotes, or bytes of another encoding


@dataclass(frozen=True)
class RowProblem:
    """A row that is left out of a chunk's columns, with its cells as far as read."""

    row: int
    trouble: Trouble
    message: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file, column by column.

    Args:
        columns: one string column per name of the header, without nulls.
        rows: the number of each of those rows; 1 is the first row of data, and every
            row of the file has a number, blank and broken ones too.
        problems: the rows that are not in `columns`.
        bytes_read: how far into the file the reader is; for XLSX, in proportion.
    """

    columns: pa.Table
    rows: npt.NDArray[np.int64]
    problems: list[RowProblem] = field(default_factory=list)
    bytes_read: int = 0

    @property
    def n_seen(self) -> int:
        """Rows of the file that this chunk accounts for."""
        return len(self.rows) + len(self.problems)
