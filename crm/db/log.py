"""The change log: every write checked, written down and sealed.

The session's own events see each row that a flush creates, alters or deletes, so
that no service can forget the log or the right to write. `seal` writes the
operation with its changes just before the commit, in the same transaction.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlmodel import Session, col

from crm.config import secret_key
from crm.errors import Forbidden, RuleBroken
from crm.i18n import _
from crm.models import (
    Action,
    Actor,
    Binned,
    Change,
    Customer,
    Deed,
    LogHead,
    Operation,
    Reason,
    Record,
    Setting,
    Team,
    User,
    utcnow,
)

GENESIS = "0" * 64
SELF_SERVICE = frozenset({"language", "password_hash", "updated_at", "version"})


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
    _require(session.info["actor"], Action.CREATE, entity)
    pending_of(session).changes.append(
        {
            "entity": entity,
            "record_id": first_id,
            "last_id": last_id,
            "customer_id": None,
            "deed": Deed.BATCH,
            "before": None,
            "after": {"count": count} | details,
        }
    )


def record_change(session: Session, change: dict[str, Any]) -> None:
    """Log a row that was altered past the session; see `Change` for the keys."""
    pending_of(session).changes.append(
        {"last_id": None, "customer_id": None, "before": None, "after": None} | change
    )


def listen(session: Session) -> None:
    """Check and note every row that a flush of `session` writes."""

    @event.listens_for(session, "before_flush")
    def check(session: Session, _context: Any, _instances: Any) -> None:
        touched = [*session.new, *session.dirty, *session.deleted]
        if session.info.get("read_only") and touched:
            raise RuleBroken(_("Nothing can be saved while reading."))
        noted = []
        for row in touched:
            if isinstance(row, Record):
                noted.append((row, _checked(session, row)))
        session.info["noted"] = [(row, what) for row, what in noted if what]

    @event.listens_for(session, "after_flush")
    def note(session: Session, _context: Any) -> None:
        for row, (deed, before, after) in session.info.pop("noted", []):
            pending_of(session).changes.append(_entry(row, deed, before, after))


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
    row["seal"] = sealed(str(head.seal), row, pending.changes)
    connection = session.connection()
    key = connection.execute(insert(Operation), row).inserted_primary_key
    pending.operation_id = int(key[0]) if key else None
    entries = [c | {"operation_id": pending.operation_id} for c in pending.changes]
    if entries:
        connection.execute(insert(Change), entries)
    connection.execute(
        update(LogHead)
        .where(col(LogHead.id) == head.id)
        .values(
            operation_id=pending.operation_id,
            operations=head.operations + 1,
            seal=row["seal"],
        )
    )


def sealed(
    previous: str, row: dict[str, Any], changes: Iterable[dict[str, Any]]
) -> str:
    """The seal of an operation: HMAC-SHA256 over the one before and all it says."""
    said = {
        "operation": {key: plain(row[key]) for key in sorted(row) if key != "seal"},
        "changes": [
            {key: plain(change[key]) for key in sorted(change)} for change in changes
        ],
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    message = f"{previous}\n{text}".encode()
    return hmac.new(secret_key(), message, hashlib.sha256).hexdigest()


def plain(value: Any) -> Any:
    """`value` as JSON has it: amounts and times as text, enums as their value."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _locked_head(session: Session) -> Any:
    statement = select(
        col(LogHead.id), col(LogHead.seal), col(LogHead.operations)
    ).with_for_update()
    connection = session.connection()
    if (head := connection.execute(statement).first()) is None:
        connection.execute(insert(LogHead), {"operations": 0, "seal": GENESIS})
        head = connection.execute(statement).one()
    return head


def _operation(actor: Actor, pending: Pending) -> dict[str, Any]:
    return {
        "at": pending.at,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "actor_kind": actor.kind,
        "reason": pending.reason,
        "note": pending.note,
        "undoes": pending.undoes,
    }


def _checked(
    session: Session, row: Record
) -> tuple[Deed, dict[str, Any], dict[str, Any]] | None:
    """What happens to `row`, or None; sets what follows from its fields."""
    actor: Actor = session.info["actor"]
    table = str(row.__tablename__)
    if row in session.deleted:
        _require(actor, Action.DELETE, table)
        return Deed.DELETE, _snapshot(row), {}
    row.prepare()
    if row in session.new:
        _require(actor, Action.CREATE, table)
        return Deed.CREATE, {}, _snapshot(row)
    before, after = _difference(row)
    if not after:
        return None
    if not _own_profile(actor, row, after):
        binned = isinstance(row, Binned) and "deleted_at" in after
        _require(actor, Action.DELETE if binned else Action.UPDATE, table)
    row.updated_at = utcnow()
    return Deed.UPDATE, before, after


def _own_profile(actor: Actor, row: Record, after: dict[str, Any]) -> bool:
    """Users may set their own language and password without a right over users."""
    own = isinstance(row, User) and row.id == actor.user_id
    return own and set(after) <= SELF_SERVICE


def _require(actor: Actor, action: Action, entity: str) -> None:
    if not actor.may(action, entity):
        raise Forbidden(_("You do not have the right to do this."))


def _snapshot(row: Record) -> dict[str, Any]:
    names = [a.key for a in inspect(type(row)).column_attrs]
    values = {n: plain(getattr(row, n)) for n in names if n not in row.UNLOGGED}
    return {name: value for name, value in values.items() if value is not None}


def _difference(row: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """The logged fields of `row` that differ from what the database holds."""
    state = inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        old = plain(history.deleted[0]) if history.deleted else None
        new = plain(getattr(row, name))
        if old == new:
            continue
        if name in ("updated_at", "version") or name in row.UNLOGGED - {
            "password_hash"
        }:
            continue
        hidden = name == "password_hash"
        before[name], after[name] = ("…", "…") if hidden else (old, new)
    return before, after


def _entry(
    row: Record, deed: Deed, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    return {
        "entity": str(row.__tablename__),
        "record_id": row.id,
        "last_id": None,
        "customer_id": _customer_of(row),
        "deed": deed,
        "before": before or None,
        "after": after or None,
    }


def _customer_of(row: Record) -> int | None:
    """Whose timeline shows a change of `row`."""
    if isinstance(row, Customer):
        return row.id
    if isinstance(row, Setting | Team):
        return None
    if getattr(row, "entity", None) == "customer":
        owner: int | None = getattr(row, "record_id", None)
        return owner
    linked: int | None = getattr(row, "customer_id", None)
    return linked
