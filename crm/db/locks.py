"""Locks: what one has looked at stays so until what rests on it is written.

On the servers, unlike on SQLite, many transactions write at once, and each sees what
another has committed a moment ago. A record's version tells of two that change the
same row, a unique key of two that make the same one; for all else there are these.
"""

from collections.abc import Sequence

from sqlalchemy import inspect, select
from sqlmodel import Session

from crm.db.portable import chunked, ids_in, insert_new
from crm.models import Setting, utcnow
from crm.models.base import Row


def lock(session: Session, table: type[Row], ids: Sequence[int]) -> None:
    """Let nobody change these rows, nor come to name one, before the transaction ends.

    What was read of them before may be old, and is not read again.
    """
    key = inspect(table).local_table.c.id
    for piece in chunked(sorted(set(ids))):
        found = select(key).where(ids_in(key, piece)).order_by(key)
        session.connection().execute(found.with_for_update())


def alone(session: Session, deed: str) -> None:
    """Wait until nobody else does `deed`; nobody begins it before the transaction ends.

    For what no row stands for that could be locked.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # which has one writer at a time
        return
    table, at = inspect(Setting).local_table, utcnow()
    name = f"alone: {deed}"
    held = select(table.c.id).where(table.c.name == name).with_for_update()
    if connection.execute(held).first() is None:
        row = {"name": name, "created_at": at, "updated_at": at, "version": 1}
        insert_new(connection, table, [row], ["name"])
        connection.execute(held)
