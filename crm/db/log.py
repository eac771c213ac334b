"""The change log: one operation per transaction, written and sealed before it ends.

`crm.db.watch` notes each row that a flush creates, alters or deletes; `seal` writes
the operation with its changes just before the commit, in the same transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, inspect, select, update
from sqlmodel import Session, col

from crm.db.portable import insert_new
from crm.db.seals import GENESIS, head_seal, sealed
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Actor, Change, Deed, LogHead, Operation, Reason
from crm.models.values import clean
from crm.models.words import kept

HEAD = 1  # the id of the one row of `LogHead`
NOTE = 500  # characters of a note as it is stored


@dataclass
class Pending:
    """The operation in the making."""

    at: datetime
    reason: Reason
    note: str | None = None
    undoes: int | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    operation_id: int | None = None
    always: bool = False  # write the operation even if no row has changed


def begin(session: Session, *, reason: Reason, note: str | None, at: datetime) -> None:
    """Start the operation of this transaction."""
    session.info["pending"] = Pending(at=at, reason=reason, note=note)


def operation_of(session: Session) -> int | None:
    """The id of the operation that a finished transaction has left in the log."""
    pending: Pending | None = session.info.get("pending")
    return pending.operation_id if pending else None


def pending_of(session: Session) -> Pending:
    """The operation in the making, to add a note or what it undoes."""
    pending: Pending = session.info["pending"]
    return pending


def mark(session: Session) -> int:
    """How many changes there are so far, for `rewind`."""
    session.flush()
    return len(pending_of(session).changes)


def rewind(session: Session, to: int) -> None:
    """Forget the changes after `mark`."""
    del pending_of(session).changes[to:]


def record_batch(
    session: Session,
    entity: str,
    first_id: int,
    last_id: int,
    count: int,
    **details: Any,
) -> None:
    """Log `count` rows that were created at once, past the session.

    Raises:
        Forbidden: the actor may not create records of `entity`.
    """
    if not session.info["actor"].may(Action.CREATE, entity):
        raise Forbidden(_("You do not have the right to do this."))
    batch = {"entity": entity, "record_id": first_id, "last_id": last_id}
    after = {"count": count} | details
    record_change(session, batch | {"deed": Deed.BATCH, "after": after})


def record_change(session: Session, change: dict[str, Any]) -> None:
    """Log a row that was altered past the session; see `Change` for the keys."""
    pending_of(session).changes.append(
        {"last_id": None, "customer_id": None, "before": None, "after": None} | change
    )


def seal(session: Session) -> None:
    """Write the operation and its changes, chained to the operation before it.

    The head is locked last, so that no two operations can wait for each other.
    """
    session.flush()
    pending = pending_of(session)
    if not pending.changes and not pending.always:
        return
    head = _locked_head(session)
    row = _operation(session.info["actor"], pending)
    row["seal"] = sealed(_last_seal(session, head.operation_id), row, pending.changes)
    connection = session.connection()
    made = connection.execute(insert(Operation), row).inserted_primary_key
    pending.operation_id = int(made[0]) if made else 0
    entries = [c | {"operation_id": pending.operation_id} for c in pending.changes]
    if entries:
        connection.execute(insert(Change), entries)
    _move_head(session, pending.operation_id, head.operations + 1, row["seal"])


def _locked_head(session: Session) -> Any:
    connection = session.connection()
    locked = (
        select(col(LogHead.operation_id), col(LogHead.operations))
        .where(col(LogHead.id) == HEAD)
        .with_for_update()
    )
    if (head := connection.execute(locked).first()) is None:
        first = {"id": HEAD, "operations": 0, "seal": head_seal(None, 0, GENESIS)}
        insert_new(connection, inspect(LogHead).local_table, [first], ["id"])
        head = connection.execute(locked).one()
    return head


def _last_seal(session: Session, operation_id: int | None) -> str:
    """The seal to continue from; that an operation has gone is found by `verify`."""
    seal = select(col(Operation.seal)).where(col(Operation.id) == operation_id)
    return session.connection().scalar(seal) or GENESIS


def _move_head(session: Session, operation_id: int, count: int, seal: str) -> None:
    session.connection().execute(
        update(LogHead)
        .where(col(LogHead.id) == HEAD)
        .values(
            operation_id=operation_id,
            operations=count,
            seal=head_seal(operation_id, count, seal),
        )
    )


def _operation(actor: Actor, pending: Pending) -> dict[str, Any]:
    """The operation's row, its texts as every database keeps them."""
    note = clean(kept(pending.note or "", NOTE)) or None
    return {
        "at": pending.at,
        "actor_id": actor.user_id,
        "actor_name": clean(actor.name)[:120],
        "actor_kind": actor.kind,
        "reason": pending.reason,
        "note": note,
        "undoes": pending.undoes,
    }
