"""Rows into tables past the session: fast, and logged as one batch.

On SQLite amounts and times are handed over as its columns hold them, scaled integers
and text, so that nothing is converted row by row. Columns that no row fills are left
out: to write NULL takes as long as to write a value.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Dialect, func, insert, select
from sqlmodel import Session, SQLModel

from crm import db
from crm.models import InCurrency, Record

Columns = Mapping[str, Sequence[Any]]


class _Plain(SimpleNamespace):
    """Values of a row, without an object that the session would track."""

    in_base = InCurrency.in_base


def prepared(
    table: type[Record], given: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """All columns of a new record but its id, with what follows from them.

    It is made, and was changed last, at `at`, unless `given` says otherwise.
    """
    times = {"created_at": at, "updated_at": at}
    row = _Plain(**{**_defaults(table), **times, **given})
    table.prepare(row)  # type: ignore[arg-type]  # the rule, without an object to track
    return vars(row)


def insert_records(
    session: Session, table: type[Record], rows: list[dict[str, Any]], import_id: int
) -> list[int]:
    """Insert records that carry the number of the import; their ids, in order.

    Raises:
        Forbidden: the actor may not create such records.
    """
    if not rows:
        return []
    return _logged(session, table, import_id, lambda: _insert(session, table, rows))


def insert_columns(
    session: Session, table: type[Record], columns: Columns, import_id: int
) -> list[int]:
    """The same from columns, made by `amounts` and `instants` where they are such."""
    return _logged(
        session, table, import_id, lambda: insert_plain(session, table, columns)
    )


def insert_attached(
    session: Session, table: type[Record], rows: list[dict[str, Any]]
) -> None:
    """Insert rows that hang on others, such as taggings."""
    if not rows:
        return
    at = {
        "created_at": db.pending_of(session).at,
        "updated_at": db.pending_of(session).at,
    }
    before = _newest(session, table)
    _insert(session, table, [{**at, "version": 1, **row} for row in rows])
    last, name = _newest(session, table), str(table.__tablename__)
    db.record_batch(session, name, before + 1, last, len(rows))


def insert_rows(
    session: Session, table: type[SQLModel], rows: list[dict[str, Any]]
) -> None:
    """Insert rows that are not logged, such as lines."""
    if rows:
        _insert(session, table, rows)


def insert_plain(session: Session, table: type[SQLModel], columns: Columns) -> None:
    """Insert rows that are not logged, from columns as `insert_columns` takes them."""
    connection, filled = session.connection(), _filled(table, columns)
    names, rows = list(filled), list(zip(*filled.values(), strict=True))
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        into = f"{_of(table).name} ({', '.join(map(_quoted, names))})"
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608  (names of our own)
    else:
        named = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(insert(_of(table)), named)


def _quoted(name: str) -> str:
    return f'"{name}"'


def amounts(session: Session, scaled: npt.NDArray[np.int64]) -> list[Any]:
    """Ten-thousandths as a column of amounts takes them."""
    if session.connection().dialect.name == "sqlite":
        return scaled.tolist()  # type: ignore[no-any-return]  # numpy says Any
    return [Decimal(one).scaleb(-4) for one in scaled.tolist()]


def instants(session: Session, microseconds: npt.NDArray[np.int64]) -> list[Any]:
    """Microseconds since 1970, UTC, as a column of moments takes them."""
    if session.connection().dialect.name == "sqlite":
        texts = np.datetime_as_string(microseconds.astype("datetime64[us]"), unit="us")
        return [text.replace("T", " ") for text in texts.tolist()]
    moments = microseconds.astype("datetime64[us]").tolist()
    return [moment.replace(tzinfo=UTC) for moment in moments]


def microseconds(at: datetime) -> int:
    """`at` as `instants` takes it."""
    return int(np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us").astype(int))


def _logged(
    session: Session, table: type[Record], import_id: int, write: Any
) -> list[int]:
    before = _newest(session, table)
    write()
    ids = _ids_after(session, table, before, import_id)
    name = str(table.__tablename__)
    db.record_batch(session, name, ids[0], ids[-1], len(ids), import_id=import_id)
    return ids


def _ids_after(
    session: Session, table: type[Record], before: int, import_id: int
) -> list[int]:
    """The ids of an import above `before`; looked up one by one only where others,
    writing at the same time, have taken some in between.
    """
    columns = _of(table).c
    mine = (columns.import_id == import_id) & (columns.id > before)
    ends = select(func.count(), func.min(columns.id), func.max(columns.id)).where(mine)
    count, first, last = session.connection().execute(ends).one()
    if last - first + 1 == count:
        return list(range(first, last + 1))
    found = select(columns.id).where(mine).order_by(columns.id)
    return [int(one) for one in session.connection().scalars(found)]


def _insert(
    session: Session, table: type[SQLModel], rows: list[dict[str, Any]]
) -> None:
    """Insert rows of the same columns, on SQLite converted column by column."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    dialect = session.connection().dialect
    if dialect.name == "sqlite":
        columns = {
            name: _bound(_of(table).c[name].type, dialect, values)
            for name, values in columns.items()
        }
    insert_plain(session, table, columns)


def _bound(kind: Any, dialect: Dialect, values: list[Any]) -> list[Any]:
    """Values as the driver takes them; one that all rows share is converted once."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    if all(value is values[0] for value in values):
        return [convert(values[0])] * len(values)
    return [None if value is None else convert(value) for value in values]


def _filled(table: type[SQLModel], columns: Columns) -> Columns:
    """The columns that say something in some row."""
    return {
        name: values
        for name, values in columns.items()
        if not (_of(table).c[name].nullable and values.count(None) == len(values))
    }


def _newest(session: Session, table: type[SQLModel]) -> int:
    key = _of(table).c.id
    return session.connection().scalar(select(key).order_by(key.desc()).limit(1)) or 0


def _of(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]  # SQLModel hides it


@cache
def _defaults(table: type[Record]) -> Mapping[str, Any]:
    fields = table.model_fields.items()
    return {
        name: None if f.is_required() else f.default
        for name, f in fields
        if name != "id"
    }
