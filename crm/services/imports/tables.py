"""Rows to columns: the header made usable, and ragged rows set aside."""

from collections.abc import Container, Mapping, Sequence
from itertools import chain, count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.i18n import _
from crm.services.export_format import csv_in
from crm.services.imports.encodings import ENCODINGS, broken
from crm.services.imports.formats import (
    CSV,
    Chunk,
    FileFormat,
    Row,
    RowProblem,
    Trouble,
)

_CHUNK_CELLS = 2_000_000
_CHUNK_BYTES = 32 * 1024 * 1024


def unique_names(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The column names of a header row, and what had to be changed, in sentences."""
    names = [storable(" ".join(cell.strip("\ufeff").split())) for cell in cells]
    blank = [place for place, name in enumerate(names, 1) if not name]
    numbered = _("Column {number}")
    names = [
        name or numbered.format(number=place) for place, name in enumerate(names, 1)
    ]
    unique: dict[str, None] = {}
    twice = []
    for name in names:
        if name in unique:
            twice.append(name)
        unique[_free(name, unique)] = None
    return tuple(unique), _told(blank, twice)


def _free(name: str, taken: Container[str]) -> str:
    """`name`, or “name (2)”, “name (3)” …, whichever is not taken."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def _told(blank: list[int], twice: list[str]) -> tuple[str, ...]:
    notes = []
    if blank:
        words = _("Columns without a name were numbered: {columns}.")
        notes.append(words.format(columns=_listed(blank)))
    if twice:
        words = _("Names that occur more than once were numbered: {columns}.")
        notes.append(words.format(columns=_listed(dict.fromkeys(twice))))
    return tuple(notes)


def _listed(things: Sequence[object] | Mapping[str, None]) -> str:
    shown = [str(thing) for thing in list(things)[:10]]
    return ", ".join([*shown, "…"] if len(things) > 10 else shown)


def chunk_of(
    rows: list[Row],
    form: FileFormat,
    first: int,
    bytes_read: int,
    unreadable: Mapping[int, str],
) -> Chunk:
    """`rows` as a chunk; `first` is the number of the first of them.

    `unreadable` says, by position, what was wrong with rows that came out empty
    because they could not be read.
    """
    width = len(form.header)
    if not unreadable and set(map(len, rows)) <= {width} and all(map(any, rows)):
        try:
            numbers = np.arange(first, first + len(rows), dtype=np.int64)
            return Chunk(_columns(rows, form), numbers, [], bytes_read)
        except UnicodeEncodeError:
            pass  # some byte did not decode: find it, row by row
    return _sorted_out(rows, form, first, bytes_read, unreadable)


def batch_rows(form: FileFormat) -> int:
    """Rows to make columns of at a time: few, as they are read faster from cache."""
    return max(1, min(1000, 100_000 // len(form.header)))


def is_full(parts: Sequence[Chunk], size: int) -> bool:
    """Whether `parts` make up a chunk: `size` rows, or a lot of text or cells."""
    rows = sum(part.n_seen for part in parts)
    last = parts[-1].columns  # a measure for all: it is asked after every part
    full = last.nbytes * len(parts) >= _CHUNK_BYTES
    return rows >= size or rows * last.num_columns >= _CHUNK_CELLS or full


def joined(parts: Sequence[Chunk]) -> Chunk:
    """One chunk of several that follow each other."""
    return Chunk(
        pa.concat_tables([part.columns for part in parts]).combine_chunks(),
        np.concatenate([part.rows for part in parts]),
        [problem for part in parts for problem in part.problems],
        parts[-1].bytes_read,
    )


def _sorted_out(
    rows: list[Row],
    form: FileFormat,
    first: int,
    bytes_read: int,
    unreadable: Mapping[int, str],
) -> Chunk:
    good: list[Row] = []
    numbers: list[int] = []
    problems: list[RowProblem] = []
    width = len(form.header)
    for place, row in enumerate(rows):
        known = unreadable.get(place)
        found = (Trouble.UNREADABLE, known) if known else _trouble(row, form)
        if found is None:
            good.append(row[:width])
            numbers.append(first + place)
        else:
            cells = tuple(map(legible, row))
            problems.append(RowProblem(first + place, *found, cells))
    columns = _columns(good, form)
    return Chunk(columns, np.array(numbers, dtype=np.int64), problems, bytes_read)


def _trouble(row: Row, form: FileFormat) -> tuple[Trouble, str] | None:
    """What keeps `row` from being used; blank cells too many are none."""
    width = len(form.header)
    if not any(row):
        return Trouble.BLANK, _("The row is blank.")
    if len(row) < width:
        words = _("The row has {found} cells; the header has {wanted}.")
        return Trouble.TOO_FEW, words.format(found=len(row), wanted=width)
    if any(row[width:]):
        words = _("The row has {found} cells; the header has {wanted}.")
        return Trouble.TOO_MANY, words.format(found=len(row), wanted=width)
    return _undecoded(row, form)


def _undecoded(row: Row, form: FileFormat) -> tuple[Trouble, str] | None:
    for name, cell in zip(form.header, row, strict=False):
        if (place := broken(cell)) is not None:
            words = _(
                "“{column}”, character {place}: the byte {byte} does not exist in "
                "{encoding}. Choose another encoding, or correct the row."
            ).format(
                column=name,
                place=place + 1,
                byte=f"0x{ord(cell[place]) - 0xDC00:02X}",
                encoding=ENCODINGS.get(form.encoding, form.encoding),
            )
            return Trouble.UNREADABLE, words
    return None


def legible(cell: str) -> str:
    """`cell` with U+FFFD for each byte that did not decode."""
    return cell.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def storable(cell: str) -> str:
    """`cell` as any database stores it: U+FFFD for what it would refuse."""
    return legible(cell).replace("\x00", "\ufffd")


def _columns(rows: list[Row], form: FileFormat) -> pa.Table:
    cells = zip(*rows, strict=True) if rows else ((),) * len(form.header)
    columns = [pa.array(column, pa.string()) for column in cells]
    if form.kind == CSV:
        columns = [_without_guard(column) for column in columns]
    return pa.table(columns, names=list(form.header))


def _without_guard(column: pa.Array) -> pa.Array:
    """Take off the apostrophes that our own export puts before formulas."""
    if not pc.any(pc.starts_with(column, "'")).as_py():
        return column
    return pa.array([csv_in(cell) for cell in column.to_pylist()], pa.string())
