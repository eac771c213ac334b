"""What is read from the transaction database: one moment of it, in pieces."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, inspect, select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.models import Amount, Change, Operation
from crm.models.types import MYSQL, Instant, Rate
from crm.warehouse.tables import ARROW, LOGGED, Copied

PIECE = 50_000  # rows in memory at a time

Ids = NDArray[np.int64]


def one_moment(session: Session) -> Connection:
    """The connection of a fresh `session`, on which all is read as of one moment.

    SQLite never reads in another way. Where this is not known how to ask for, rows of
    a little later may be among the others; the next refresh reads them again.
    """
    connection = session.connection()
    if connection.dialect.name in ("postgresql", *MYSQL):  # for this transaction only
        level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
        connection.exec_driver_sql(level)
    return connection


def last_change(connection: Connection) -> tuple[int, str]:
    """How far the change log goes: the id of its last change, and its seal.

    The head of the log is locked until its writer has committed (`crm.db.log`): ids
    grow in the order of the commits, so that nothing ever comes in before this one.
    """
    newest = connection.scalar(select(func.max(col(Change.id)))) or 0
    return newest, seal_of(connection, newest) or ""


def seal_of(connection: Connection, change_id: int) -> str | None:
    """The seal of the operation of a change: it vouches for all that was before."""
    found = (
        select(col(Operation.seal))
        .join(Change, col(Change.operation_id) == col(Operation.id))
        .where(col(Change.id) == change_id)
    )
    return connection.scalar(found)


def touched(connection: Connection, after: int) -> dict[str, Ids]:
    """The records that changes after `after` are about: sorted ids by kind.

    Reads changes of all kinds: asked for some, SQLite would walk through the whole
    log by its index on kinds.
    """
    log = inspect(Change).local_table.c
    columns = select(log.id, log.entity, log.record_id, log.last_id)
    page = columns.order_by(log.id).limit(PIECE)
    found: dict[str, Ids] = {name: np.empty(0, np.int64) for name in LOGGED}
    while rows := connection.execute(page.where(log.id > after)).all():
        for name in LOGGED:
            spans = [(r.record_id, r.last_id) for r in rows if r.entity == name]
            found[name] = np.union1d(found[name], _spread(spans))
        after = rows[-1].id
    return found


def counts(connection: Connection, tables: Sequence[Copied]) -> dict[str, int]:
    """How many rows of each table there are to copy."""
    return {
        copied.name: connection.scalar(
            select(func.count()).select_from(copied.source).where(*_alive(copied))
        )
        or 0
        for copied in tables
    }


def all_rows(connection: Connection, copied: Copied) -> Iterator[pa.Table]:
    """All rows of a table, in the order of their ids."""
    key, last = copied.source.c.id, 0
    page = _rows(connection, copied).order_by(key).limit(PIECE)
    while rows := connection.execute(page.where(key > last)).all():
        yield _arrow(copied, rows)
        last = rows[-1][0]


def rows_of(connection: Connection, copied: Copied, ids: Ids) -> Iterator[pa.Table]:
    """The rows that go with the records `ids`."""
    found, follows = _rows(connection, copied), copied.source.c[copied.follows]
    for some in db.chunked(ids.tolist()):
        yield _arrow(copied, connection.execute(found.where(follows.in_(some))).all())


def _spread(spans: list[tuple[int, int | None]]) -> Ids:
    """The ids from the first to the last of each span."""
    if not spans:
        return np.empty(0, np.int64)
    return np.concatenate(
        [np.arange(first, (last or first) + 1, dtype=np.int64) for first, last in spans]
    )


def _rows(connection: Connection, copied: Copied) -> Select[Any]:
    """The id of a row, then its columns."""
    table, dialect = copied.source, connection.dialect.name
    columns = [_bare(table.c[name], dialect) for _declared, name in copied.columns]
    return select(table.c.id, *columns).where(*_alive(copied))


def _alive(copied: Copied) -> list[sa.ColumnElement[bool]]:
    """Lines have no recycle bin of their own; they go with their order."""
    columns = copied.source.c
    return [columns.deleted_at.is_(None)] if "deleted_at" in columns else []


def _bare(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """A column without making an object of each value: millions of them are read."""
    if isinstance(column.type, sa.Enum):
        return sa.type_coerce(column, sa.String)
    kind: Any = type(column.type)
    if kind not in (Amount, Rate):
        return column
    if dialect == "sqlite":
        return sa.type_coerce(column, sa.BigInteger)
    decimal = sa.type_coerce(column, kind.impl)
    return sa.cast(decimal * kind.SCALE, sa.BigInteger)


def _arrow(copied: Copied, rows: Sequence[sa.Row[Any]]) -> pa.Table:
    kinds = copied.kinds
    sources = [copied.source.c[name].type for _declared, name in copied.columns]
    columns = list(zip(*rows, strict=True))[1:] or [()] * len(kinds)
    arrays = [
        days_of(values) if isinstance(of, Instant) else pa.array(values, ARROW[kind])
        for values, kind, of in zip(columns, kinds.values(), sources, strict=True)
    ]
    return pa.table(arrays, names=list(kinds))


def days_of(moments: Sequence[datetime | None]) -> pa.Array:
    """The days (date32) on which `moments` (aware) are where the company is."""
    utc = pa.array(moments, pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    there = (
        pd.DatetimeIndex(utc.to_numpy(zero_copy_only=False))
        .tz_localize(UTC)
        .tz_convert(ZoneInfo(settings().timezone))
        .tz_localize(None)
    )
    return pa.array(there.to_numpy().astype("datetime64[D]"))
