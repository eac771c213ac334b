"""Undo: the way back from one operation, by what the change log says of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.db.log import pending_of
from crm.db.plain import plain, typed
from crm.errors import Forbidden, RuleBroken
from crm.i18n import _
from crm.models import Binned, Change, Deed, Operation, Record, Role, utcnow

WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Undone:
    """How many rows are back as they were, and which are not, in words."""

    done: int
    skipped: list[str] = field(default_factory=list)


def undo(session: Session, operation_id: int, *, at: datetime | None = None) -> Undone:
    """Take back what one operation did, where nothing has come after it.

    A created record goes to the recycle bin, an update is set back field by field as
    long as the field still holds what the operation put there, a deleted row comes
    back. Undoing the undo does it again.

    Raises:
        NotFound: there is no such operation.
        Forbidden: it is somebody else's, or lies more than 30 days back.
        RuleBroken: it brought in a file; its import has an undo of its own.
    """
    operation = db.get(session, Operation, operation_id)
    _check(session, operation, at or utcnow())
    pending_of(session).undoes = operation.id
    statement = (
        select(Change)
        .where(col(Change.operation_id) == operation.id)
        .order_by(col(Change.id).desc())
        .execution_options(**db.everything)  # changes of deleted customers too
    )
    done, skipped = 0, []
    for change in list(session.scalars(statement)):
        fault = _reverse(session, change)
        session.flush()
        if fault:
            skipped.append(fault)
        else:
            done += 1
    return Undone(done, skipped)


def _check(session: Session, operation: Operation, at: datetime) -> None:
    actor = db.actor_of(session)
    own = operation.actor_id == actor.user_id and operation.at > at - WITHIN
    if not own and actor.role is not Role.ADMIN:
        raise Forbidden(_("Only your own changes of the last 30 days can be undone."))
    batches = select(col(Change.id)).where(
        col(Change.operation_id) == operation.id, col(Change.deed) == Deed.BATCH
    )
    if session.scalars(batches.limit(1)).first() is not None:
        raise RuleBroken(_("Undo this on the page of its import."))


def _reverse(session: Session, change: Change) -> str | None:
    """Set one row back; why not, in words, where something is in the way."""
    table = _tables()[change.entity]
    found = (
        select(table)
        .where(col(table.id) == change.record_id)
        .execution_options(**db.everything, populate_existing=True)
    )
    row = session.scalars(found).first()
    if change.deed is Deed.DELETE:
        if row is None:
            _bring_back(session, table, change)
        return None
    if row is None:
        return _("A record that was changed is not there any more.")
    if change.deed is Deed.CREATE:
        _take_away(session, row)
        return None
    return _set_back(row, change)


def _take_away(session: Session, row: Record) -> None:
    if isinstance(row, Binned):
        row.deleted_at = row.deleted_at or utcnow()
    else:
        session.delete(row)


def _set_back(row: Record, change: Change) -> str | None:
    """Field by field; one that has changed since stays as it is."""
    before, later = change.before or {}, []
    for name, put in (change.after or {}).items():
        if plain(getattr(row, name)) == put:
            setattr(row, name, _typed(row, name, before.get(name)))
        else:
            later.append(name)
    if not later:
        return None
    return _("{fields} of {record} has changed since, and stays as it is.").format(
        fields=", ".join(later), record=getattr(row, "name", f"#{row.id}")
    )


def _bring_back(session: Session, table: type[Record], change: Change) -> None:
    row = table(id=change.record_id)
    for name, value in (change.before or {}).items():
        setattr(row, name, _typed(row, name, value))
    session.add(row)


def _typed(row: Record, name: str, value: Any) -> Any:
    """A logged plain value as the column holds it."""
    return typed(inspect(type(row)).columns[name].type, value)


def _tables() -> dict[str, type[Record]]:
    """Every kind of record, by the name of its table."""
    found: dict[str, type[Record]] = {}
    waiting: list[type[SQLModel]] = [Record]
    while waiting:
        table = waiting.pop()
        waiting.extend(table.__subclasses__())
        if hasattr(table, "__table__") and issubclass(table, Record):
            found[str(table.__tablename__)] = table
    return found
