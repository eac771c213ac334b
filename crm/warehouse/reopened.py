"""Tickets that were over for a while and opened again: their rows no longer say so.

A row has only when it was last solved, and nothing while it is open. The change log
has the rest, so that a day of the past is seen as it was.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, inspect, select

from crm import db
from crm.models import Change, Deed, Operation
from crm.warehouse.source import Ids, days_of

CREATE = """
CREATE TABLE reopened (ticket_id BIGINT, solved_on DATE, again_on DATE)
"""
KEPT = """
INSERT INTO reopened
SELECT * FROM old.reopened WHERE ticket_id NOT IN (SELECT id FROM touched)
"""
THERE = "ticket_id IN (SELECT ticket_id FROM ticket)"


def copy_all(connection: Connection, duck: Any) -> None:
    """Make the table, once the tickets are there."""
    duck.execute(CREATE)
    ids = duck.execute("SELECT ticket_id FROM ticket ORDER BY ticket_id").fetchnumpy()
    _insert(connection, duck, ids["ticket_id"])


def copy_again(connection: Connection, duck: Any, ids: Ids) -> None:
    """The same, where only the tickets `ids` have changed since the file `old`."""
    duck.register("touched", pa.table({"id": ids}))
    duck.execute(CREATE)
    duck.execute(KEPT)
    _insert(connection, duck, ids)


def _insert(connection: Connection, duck: Any, ids: Ids) -> None:
    found = list(zip(*_stays(connection, ids), strict=True)) or [(), (), ()]
    table = pa.table(
        [pa.array(found[0], pa.int64()), days_of(found[1]), days_of(found[2])],
        names=["ticket_id", "solved_on", "again_on"],
    )
    duck.from_arrow(table).filter(THERE).insert_into("reopened")


def _stays(connection: Connection, ids: Ids) -> Iterator[tuple[int, Any, Any]]:
    """A ticket, when it was solved, and when that no longer held."""
    log, operation = inspect(Change).local_table.c, inspect(Operation).local_table.c
    moves = (
        select(log.record_id, log.before, log.after, operation.at)
        .join_from(log.id.table, operation.id.table, operation.id == log.operation_id)
        .where(log.entity == "ticket", log.deed == Deed.UPDATE)
        .order_by(log.record_id, log.id)
    )
    for some in db.chunked(ids.tolist()):
        for key, before, after, at in connection.execute(
            moves.where(log.record_id.in_(some))
        ):
            solved = (before or {}).get("solved_at")
            if solved and "solved_at" in (after or {}) and not after["solved_at"]:
                yield key, datetime.fromisoformat(solved), at
