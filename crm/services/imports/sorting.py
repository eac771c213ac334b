"""The staged rows beside the rows in which their keys come first, sorted by disk.

The rows are read in the order of the file, and only the keys go through DuckDB; where
the lines of an order lie apart, the rows do as well.
"""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crm.errors import Invalid
from crm.i18n import _
from crm.services.imports.staging import ROWS, Staged

KEYS = "keys.parquet"  # row, fine, k0, k1 …
FIRSTS = "firsts.parquet"  # row, f0, f1 …, for orders also large
WIDEST = 200  # columns that can be sorted
_MEMORY = "200MB"  # of DuckDB; what does not fit is sorted on disk
_IS_SCATTERED = """
    SELECT count(*) FILTER (k0 IS DISTINCT FROM before) > count(DISTINCT k0)
    FROM (SELECT k0, lag(k0) OVER (ORDER BY row) AS before FROM keys)
    WHERE k0 IS NOT NULL
"""
_OF_ORDERS = """
    SELECT row,
        if(k0 IS NULL OR count(*) OVER w > {most}, row, min(row) OVER w) AS f0,
        k0 IS NOT NULL AND count(*) OVER w > {most} AS large
    FROM keys WINDOW w AS (PARTITION BY k0)
"""
_FIRST = """
    if(fine AND k{n} IS NOT NULL,
        min(if(fine, row, NULL)) OVER (PARTITION BY k{n}), 0) AS f{n}
"""


@contextmanager
def keyed(
    staged: Staged, n_keys: int, *, at_once: int, largest: int | None
) -> Iterator[Iterator[pa.Table]]:
    """The rows, `at_once` at a time: c0, c1 …, row, and f0, f1 …, in which row of the
    file each key comes first (0: no key, or a row that is not fine).

    Where `largest` is given, the one key is that of an order: its lines come together,
    and `large` is True where it has more of them; lines without a key stand alone.

    Raises:
        Invalid: lines of an order lie apart in a table of too many columns.
    """
    firsts = _firsts(n_keys) if largest is None else _OF_ORDERS.format(most=largest)
    with _opened(staged.folder) as connection:
        if largest is not None and connection.sql(_IS_SCATTERED).fetchall()[0][0]:
            yield _sorted(connection, staged, firsts, at_once)
            return
        found = str(staged.folder / FIRSTS)
        connection.sql(f"{firsts} ORDER BY row").write_parquet(found)
    with pq.ParquetFile(staged.folder / ROWS) as rows, pq.ParquetFile(found) as beside:
        taken = _Taken(beside.iter_batches(at_once))
        yield _side_by_side(rows.iter_batches(at_once), taken)


def _firsts(n_keys: int) -> str:
    each = ", ".join(_FIRST.format(n=n) for n in range(n_keys))
    return f"SELECT row, {each} FROM keys"  # noqa: S608  (numbers, and our own names)


def _sorted(
    connection: Any, staged: Staged, firsts: str, at_once: int
) -> Iterator[pa.Table]:
    if len(staged.form.header) > WIDEST:
        words = _(
            "Lines of an order lie apart in a table of more than {most} columns. Sort "
            "it by the order number, or take out columns."
        )
        raise Invalid(words.format(most=WIDEST), field="file")
    joined = f"SELECT * FROM rows JOIN ({firsts}) USING (row) ORDER BY f0, row"  # noqa: S608  (as above)
    reader = connection.sql(joined).to_arrow_reader(at_once)
    return (pa.Table.from_batches([batch]) for batch in reader)


@contextmanager
def _opened(folder: Path) -> Iterator[Any]:
    import duckdb

    limits = {"memory_limit": _MEMORY, "threads": 1, "temp_directory": str(folder)}
    with duckdb.connect(config=limits) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, file in (("rows", ROWS), ("keys", KEYS)):
            path = glob.escape(str(folder / file))
            connection.read_parquet(path).create_view(name)
        yield connection


class _Taken:
    """Rows of a reader, as many at a time as are wanted."""

    def __init__(self, reader: Any) -> None:
        self._reader = iter(reader)
        self._left: Any = None

    def take(self, size: int) -> pa.Table:
        """The next `size` rows."""
        parts: list[pa.Table] = []
        while size:
            if self._left is None:
                self._left = pa.Table.from_batches([next(self._reader)])
            part = self._left.slice(0, size)
            rest = self._left.slice(part.num_rows)
            self._left = rest if rest.num_rows else None
            size -= part.num_rows
            parts.append(part)
        return pa.concat_tables(parts)


def _side_by_side(rows: Iterator[Any], firsts: _Taken) -> Iterator[pa.Table]:
    """Rows and their keys, both in the order of the file."""
    for batch in rows:
        table = pa.Table.from_batches([batch])
        beside = firsts.take(table.num_rows).drop_columns(["row"])
        for name in beside.column_names:
            table = table.append_column(name, beside[name])
        yield table
