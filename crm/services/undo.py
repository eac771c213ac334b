"""Undo: the way back from one operation, by what the change log says of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.errors import CRMError, Forbidden, RuleBroken
from crm.i18n import N_, _
from crm.models import (
    Action,
    Change,
    Deed,
    Operation,
    Opportunity,
    Reason,
    Record,
    Role,
    utcnow,
)
from crm.services import naming
from crm.services.changes_places import Places
from crm.services.marketing import spans
from crm.services.reversal import reverse
from crm.services.sales import opportunity_lines

WITHIN = timedelta(days=30)
NEVER = frozenset(  # a key that was taken away stays away; a mail is under way
    {"api_token", "outgoing_mail"}
)
BOOKED = {
    "payment": N_("A payment stays; void it where it was entered by mistake."),
    "invoice": N_("An invoice stays; a credit note takes it back."),
}

Rows = dict[tuple[str, int], Record]


@dataclass(frozen=True)
class Undone:
    """How many changes are taken back, and what stays as it is, in words."""

    done: int
    skipped: list[str] = field(default_factory=list)


def undo(session: Session, operation_id: int, *, at: datetime | None = None) -> Undone:
    """Take back what one operation did, at `at`, where nothing has come after it.

    A created record goes to the recycle bin, an update is set back field by field as
    long as the field still holds what the operation put there, a deleted row comes
    back. Leaves an operation that says what it undoes: undoing that does it again.

    Raises:
        NotFound: there is no such operation.
        Forbidden: it is somebody else's, or lies more than 30 days back, or the
            actor may not write to one of its records, or does not see one, or not
            all fields that it changed.
        RuleBroken: it was undone already, or is of a kind that cannot be: an import
            has an undo of its own, and what was deleted for good is gone.
    """
    at = at or utcnow()
    changes = _checked(session, operation_id, at)
    kept = _in_reach(session, changes)  # the session itself would let go of them
    pending = db.pending_of(session)
    pending.reason, pending.undoes = Reason.UNDO, operation_id
    done, skipped = 0, []
    for change in reversed(changes):
        stays = _reversed(session, change, at)
        skipped += stays
        done += not stays
    session.flush()
    for row in kept.values():
        if isinstance(row, Opportunity):
            opportunity_lines.settle(session, row, at)
    return Undone(done, skipped)


def undoable(
    session: Session, operation_id: int, *, at: datetime | None = None
) -> bool:
    """Whether the actor can undo an operation, in full or in part."""
    try:
        _in_reach(session, _checked(session, operation_id, at or utcnow()))
    except CRMError:
        return False
    return True


def _checked(session: Session, operation_id: int, at: datetime) -> Sequence[Any]:
    """The changes of an operation that the actor may undo, in the log's order.

    All of them, whoever's customers they are about: see `_in_reach`.
    """
    operation = db.get(session, Operation, operation_id)
    actor = db.actor_of(session)
    own = operation.actor_id == actor.user_id and operation.at > at - WITHIN
    if not own and actor.role is not Role.ADMIN:
        raise Forbidden(_("Only your own changes of the last 30 days can be undone."))
    changes = _changes(session, operation_id)
    _check_kind(operation, changes)
    if _is_undone(session, operation_id):
        raise RuleBroken(_("This has been undone already."))
    for action, entity in {(_action(c), c.entity) for c in changes}:
        db.require(actor, action, entity)
    return changes


def _changes(session: Session, operation_id: int) -> Sequence[Any]:
    """The changes of an operation as they were written.

    Raises:
        Forbidden: some are of fields that are hidden from the actor.
    """
    table = inspect(Change).local_table
    found = []
    for log in (db.bare(table), table):  # as it is; and as the actor has it
        mine = select(log).where(log.c.operation_id == operation_id)
        rows = session.connection().execute(mine.order_by(log.c.id)).all()
        found.append(rows)
        if not db.actor_of(session).hidden:
            return rows
    written, seen = (
        [(c.id, c.before, c.after) for c in rows if c.deed is not Deed.CREATE]
        for rows in found
    )
    if written != seen:
        raise Forbidden(_("This also changed fields that are hidden from you."))
    return found[0]


def _check_kind(operation: Operation, changes: Sequence[Any]) -> None:
    if operation.reason is Reason.IMPORT:
        raise RuleBroken(_("Undo this on the page of its import."))
    if operation.undoes is not None and any(map(spans.is_span, changes)):
        raise RuleBroken(_("Add these recipients, or mark them, once more instead."))
    batches = [one for one in changes if one.deed is Deed.BATCH]
    if not all(map(spans.is_span, batches)):
        raise RuleBroken(_("Many records came in at once; this is not undone here."))
    if operation.reason is Reason.PURGE:
        raise RuleBroken(_("What was deleted for good does not come back."))
    touched = {change.entity for change in changes}
    for entity, words in BOOKED.items():
        if entity in touched:
            raise RuleBroken(_(words))
    if not changes or NEVER & touched:
        raise RuleBroken(_("There is nothing here that can be undone."))


def _action(change: Any) -> Action:
    """What one must be allowed to do to take `change` back."""
    if change.deed is Deed.DELETE:
        return Action.CREATE
    binned = change.deed is Deed.CREATE or "deleted_at" in (change.after or {})
    return Action.DELETE if binned else Action.UPDATE


def _is_undone(session: Session, operation_id: int) -> bool:
    """Whether an undo of it stands: one that was not undone itself."""
    undos = select(col(Operation.id)).where(col(Operation.undoes) == operation_id)
    return any(not _is_undone(session, one) for one in session.scalars(undos).all())


def _reversed(session: Session, change: Any, at: datetime) -> list[str]:
    if spans.is_span(change):
        return spans.take_back(session, change)
    return reverse(session, change, _row(session, change), at=at)


def _row(session: Session, change: Any) -> Record | None:
    table = naming.table_of(change.entity)
    return session.get(table, change.record_id, execution_options=db.everything)


def _in_reach(session: Session, changes: Sequence[Any]) -> Rows:
    """The rows that are still there, by kind and id.

    Not those of spans: who of one is out of reach by now stays, and is told.

    Raises:
        Forbidden: one of them, or one that they hang on, is out of reach.
    """
    places = Places(session, changes)
    single = [change for change in changes if not spans.is_span(change)]
    own = [(change.entity, change.record_id) for change in single]
    wanted = {*own, *map(places.of, single)}
    rows = _loaded(session, wanted)
    for entity, record_id in wanted - rows.keys():
        if naming.is_there(session, entity, record_id):
            raise Forbidden(_("Not all of these records are in your reach."))
    return rows


def _loaded(session: Session, places: Iterable[tuple[str, int]]) -> Rows:
    wanted: dict[str, set[int]] = {}
    for entity, record_id in places:
        wanted.setdefault(entity, set()).add(record_id)
    rows: Rows = {}
    for entity, ids in wanted.items():
        table = naming.table_of(entity)
        found = select(table).where(db.ids_in(col(table.id), sorted(ids)))
        for row in session.scalars(found, execution_options=db.everything):
            rows[entity, row.id] = row
    return rows
