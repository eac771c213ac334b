"""The file, read once and laid on disk: to be grouped and sorted in flat memory.

Two Parquet files in a folder of the run: `rows`, the usable rows with their numbers
(columns c0, c1 …, all text), and `problems`, the rows that could not be read. DuckDB
sorts them by disk, so that the lines of an order come together wherever they stand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from crm.models.words import kept, told
from crm.services.imports import reading
from crm.services.imports.formats import XLSX, Chunk, FileFormat, RowProblem, Trouble
from crm.services.imports.layout import Layout
from crm.services.imports.stored import Fixes
from crm.services.imports.tables import storable
from crm.services.imports.values import votes
from crm.services.imports.votes import DateVotes, NumberVotes

ROWS = "rows.parquet"
PROBLEMS = "problems.parquet"
_PROBLEM_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("trouble", pa.string()),
        ("message", pa.string()),
        ("cells", pa.list_(pa.string())),
    ]
)
_PROBLEMS_AT_ONCE = 5_000

Votes = dict[str, NumberVotes | DateVotes]


@dataclass
class Staged:
    """A file that has been read: where it lies, and what its columns say.

    `votes` is by column; `n_rows` and `n_problems` count rows of the file.
    """

    folder: Path
    form: FileFormat
    n_rows: int = 0
    n_problems: int = 0
    votes: Votes = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All rows of the file."""
        return self.n_rows + self.n_problems

    def problems(self) -> Iterator[list[RowProblem]]:
        """The rows that could not be read, some at a time."""
        with pq.ParquetFile(self.folder / PROBLEMS) as file:
            for batch in file.iter_batches(_PROBLEMS_AT_ONCE):
                yield [_problem(each) for each in batch.to_pylist()]


def stage(
    path: Path,
    layout: Layout,
    fixes: Fixes,
    folder: Path,
    tell: Callable[[float], None],
) -> Staged:
    """Read the file of `layout.form` into `folder`, with `fixes` put in.

    `tell` is called with the share that has been read, 0 to 1, and may raise.

    Raises:
        Invalid: from some row on, the file cannot be read.
    """
    form = layout.form
    staged = Staged(folder, form)
    schema = pa.schema(
        [(f"c{n}", pa.string()) for n in range(len(form.header))]
        + [("row", pa.int64())]
    )
    fixed = _by_column(fixes)
    with (
        pq.ParquetWriter(folder / ROWS, schema, compression="lz4") as rows,
        pq.ParquetWriter(folder / PROBLEMS, _PROBLEM_SCHEMA) as problems,
    ):
        for chunk in reading.chunks(path, form):
            columns = _corrected(chunk, fixed)
            rows.write_table(_numbered(columns, chunk.rows, schema))
            if chunk.problems:
                problems.write_table(_told(chunk.problems))
            staged.n_rows += len(chunk.rows)
            staged.n_problems += len(chunk.problems)
            _count_votes(staged.votes, columns, layout)
            tell(chunk.bytes_read / max(1, form.n_bytes))
    return staged


def _by_column(fixes: Fixes) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for (row, column), text in fixes.items():
        found.setdefault(column, []).append((row, text))
    return found


def _corrected(chunk: Chunk, fixed: Mapping[str, list[tuple[int, str]]]) -> pa.Table:
    columns = chunk.columns
    for name, cells in fixed.items():
        places = {int(row): place for place, row in enumerate(chunk.rows)}
        if here := [(places[row], text) for row, text in cells if row in places]:
            texts = columns[name].to_pylist()
            for place, text in here:
                texts[place] = text
            at = columns.schema.get_field_index(name)
            columns = columns.set_column(at, name, pa.array(texts, pa.string()))
    return columns


def _numbered(
    columns: pa.Table, rows: npt.NDArray[np.int64], schema: pa.Schema
) -> pa.Table:
    arrays = [*columns.columns, pa.array(rows, pa.int64())]
    return pa.table(arrays, schema=schema)


def _told(problems: list[RowProblem]) -> pa.Table:
    return pa.table(
        [
            [each.row for each in problems],
            [each.trouble.value for each in problems],
            [kept(each.message) for each in problems],
            [list(map(storable, each.cells)) for each in problems],
        ],
        schema=_PROBLEM_SCHEMA,
    )


def _problem(row: Mapping[str, Any]) -> RowProblem:
    trouble = Trouble(row["trouble"])
    return RowProblem(row["row"], trouble, told(row["message"]), tuple(row["cells"]))


def _count_votes(found: Votes, columns: pa.Table, layout: Layout) -> None:
    typed = layout.form.kind == XLSX
    for name, column in layout.columns.items():
        counted: Any = votes(columns[column], layout.target.field(name), typed=typed)
        if counted is not None:
            found[column] = found[column] + counted if column in found else counted
