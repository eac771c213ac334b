"""The staged rows in the order in which they are written, a batch at a time.

Rows of one order come together, in the order of the file, whole orders to a batch; for
other records each row knows in which row of the file each of its keys comes first.
What comes out depends on the file and the choices alone, never on where a run was
broken off, so that batch n is the same for every worker that takes the run up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from crm.services.imports.keys import keys_of
from crm.services.imports.layout import Layout
from crm.services.imports.parsed import Parsed
from crm.services.imports.sorting import KEYS, keyed
from crm.services.imports.staging import ROWS, Staged
from crm.services.imports.targets import Target

SIZE = 40_000  # rows at a time; also the most lines that an order may have
ORDERS = 10_000  # of a batch, while whose writing others have to wait
SIZE_OF_RECORDS = 1_000  # rows of one: records are found and compared one by one
CELLS = 2_000_000  # of a batch: of a table of very many columns, fewer rows

Firsts = dict[str, npt.NDArray[np.int64]]


class Size(NamedTuple):
    """The most that a batch has: rows, and orders where rows are lines of such."""

    rows: int
    orders: int


EARLIER = Size(10_000, 10_000)  # of lines, in imports that a version before this began


@dataclass(frozen=True)
class Batch:
    """Rows to be written together.

    Args:
        number: its place among the batches, from 0.
        until: how many rows of the file are done after it.
        columns: the cells as in the file, by column.
        parsed: the same as values, by field: of the fields that are mapped.
        rows: the number of each row in the file.
        firsts: key → the row of the file in which this row's key comes first; 0 where
            the row has no such key, or has a cell that rules it out.
        too_large: True where the order has more lines than a batch.
    """

    number: int
    until: int
    columns: pa.Table
    parsed: Mapping[str, Parsed]
    rows: npt.NDArray[np.int64]
    firsts: Firsts
    too_large: npt.NDArray[np.bool_]


def usual_size(target: Target) -> Size:
    """The size of the batches of an import that begins."""
    return Size(SIZE, ORDERS) if target.group_by else Size(SIZE_OF_RECORDS, ORDERS)


def earlier_size(target: Target) -> Size:
    """The same, of one that has begun and has not noted it."""
    return EARLIER if target.group_by else usual_size(target)


def batches(
    staged: Staged, layout: Layout, size: Size, *, first: int = 0
) -> Iterator[Batch]:
    """All usable rows of the file, each exactly once, from the batch `first` on.

    Whoever takes a run up has to name the `size` with which it was begun.

    Raises:
        Invalid: lines of an order lie apart in a table of too many columns.
    """
    if not staged.n_rows:
        return
    names = _write_keys(staged, layout)
    grouped = layout.target.group_by is not None
    some = max(1, min(SIZE, CELLS // len(staged.form.header)))
    largest = SIZE if grouped else None
    with keyed(staged, len(names), at_once=some, largest=largest) as tables:
        size = size._replace(rows=min(some, size.rows))
        pieces = _whole_groups(tables, size, grouped=grouped)
        until = 0
        for number, table in enumerate(pieces):
            until += table.num_rows
            if number >= first:
                yield _batch(number, until, table, layout, names)


def _write_keys(staged: Staged, layout: Layout) -> list[str]:
    """Lay the keys of every row beside the rows; their names."""
    header = staged.form.header
    mapped = {f"c{n}": name for n, name in enumerate(header) if name in layout.mapped}
    names: list[str] = []
    with pq.ParquetFile(staged.folder / ROWS) as rows:
        writer = None
        for batch in rows.iter_batches(SIZE, columns=[*mapped, "row"]):
            table = pa.Table.from_batches([batch])
            cells = table.select(list(mapped)).rename_columns(mapped)
            keys = keys_of(cells, layout)
            names = list(keys.names)
            columns = {f"k{n}": keys.texts[name] for n, name in enumerate(names)}
            made = pa.table({"row": table["row"], "fine": keys.fine, **columns})
            writer = writer or pq.ParquetWriter(staged.folder / KEYS, made.schema)
            writer.write_table(made)
        if writer is not None:
            writer.close()
    return names


def _whole_groups(
    tables: Iterator[pa.Table], size: Size, *, grouped: bool
) -> Iterator[pa.Table]:
    """About `size` at a time; where `grouped`, cut where the first key changes."""
    held: pa.Table | None = None
    for table in tables:
        held = table if held is None else pa.concat_tables([held, table])
        while cut := _cut(held, size, grouped=grouped):
            yield held.slice(0, cut)
            held = held.slice(cut)
    if held is not None and held.num_rows:
        yield held


def _cut(table: pa.Table, size: Size, *, grouped: bool) -> int:
    """Where to cut: the last place up to `size` between two groups, else the next one
    behind; 0 where none is known yet.
    """
    if not grouped:
        return size.rows if table.num_rows > size.rows else 0
    group = table["f0"].to_numpy()
    edges = np.flatnonzero(group[1:] != group[:-1]) + 1
    if table.num_rows <= size.rows and len(edges) < size.orders:
        return 0
    before = edges[edges <= size.rows][: size.orders]
    return int(before[-1]) if len(before) else int(edges[0]) if len(edges) else 0


def _batch(
    number: int, until: int, table: pa.Table, layout: Layout, names: list[str]
) -> Batch:
    header = layout.form.header
    cells = table.select([f"c{n}" for n in range(len(header))]).combine_chunks()
    columns = cells.rename_columns(list(header))
    none = np.zeros(table.num_rows, dtype=bool)
    return Batch(
        number=number,
        until=until,
        columns=columns,
        parsed=layout.read_all(columns),
        rows=table["row"].to_numpy(),
        firsts={name: table[f"f{n}"].to_numpy() for n, name in enumerate(names)},
        too_large=table["large"].to_numpy() if "large" in table.column_names else none,
    )
