"""A customer's timeline: activities and field changes in one stream."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import Activity, Change, Deed, Operation, Reason

CHANGES = "change"


@dataclass(frozen=True)
class FieldChange:
    """One field of one row: what it held before and after, as plain data."""

    entity: str
    deed: Deed
    name: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Entry:
    """One thing on the timeline: an activity, or what one operation changed."""

    at: datetime
    kind: str  # an activity's kind, or “change”
    who: str = ""
    activity: Activity | None = None
    operation_id: int | None = None
    reason: Reason | None = None
    changes: list[FieldChange] = field(default_factory=list)


def timeline(
    session: Session,
    customer_id: int,
    *,
    kinds: Collection[str] = (),
    text: str = "",
    before: datetime | None = None,
    limit: int = 20,
) -> list[Entry]:
    """What happened around a customer before `before`, newest first.

    `kinds` are kinds of activity and “change”; none means all. `text` is looked for
    in subjects, bodies and changed values. At most `limit` entries: to go on, ask
    again with `before` the last entry's `at`.
    """
    found: list[Entry] = []
    wanted = set(kinds)
    if not wanted or wanted - {CHANGES}:
        found += _activities(session, customer_id, wanted, text, before, limit)
    if not wanted or CHANGES in wanted:
        found += _operations(session, customer_id, text, before, limit)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:limit]


def _activities(
    session: Session,
    customer_id: int,
    kinds: set[str],
    text: str,
    before: datetime | None,
    limit: int,
) -> list[Entry]:
    statement = select(Activity).where(col(Activity.customer_id) == customer_id)
    if before is not None:
        statement = statement.where(col(Activity.at) < before)
    if picked := kinds - {CHANGES}:
        statement = statement.where(col(Activity.kind).in_(sorted(picked)))
    if text:
        fits = [
            column.icontains(text, autoescape=True)
            for column in (col(Activity.subject), col(Activity.body))
        ]
        statement = statement.where(sa.or_(*fits))
    newest = statement.order_by(col(Activity.at).desc(), col(Activity.id).desc())
    return [
        Entry(at=one.at, kind=one.kind.value, activity=one)
        for one in session.scalars(newest.limit(limit))
    ]


def _operations(
    session: Session,
    customer_id: int,
    text: str,
    before: datetime | None,
    limit: int,
) -> list[Entry]:
    """Activities are on the timeline themselves, so their changes are left out."""
    statement = (
        select(Operation)
        .where(
            col(Operation.id).in_(
                select(col(Change.operation_id)).where(
                    col(Change.customer_id) == customer_id,
                    col(Change.entity) != "activity",
                )
            )
        )
        .order_by(col(Operation.at).desc(), col(Operation.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(Operation.at) < before)
    operations = list(session.scalars(statement))
    changes = _changes(session, customer_id, [one.id for one in operations])
    entries = [
        Entry(
            at=one.at,
            kind=CHANGES,
            who=one.actor_name,
            operation_id=one.id,
            reason=one.reason,
            changes=changes.get(one.id, []),
        )
        for one in operations
    ]
    return [entry for entry in entries if _mentions(entry, text)]


def _changes(
    session: Session, customer_id: int, operations: list[int]
) -> dict[int, list[FieldChange]]:
    statement = (
        select(Change)
        .where(col(Change.customer_id) == customer_id)
        .where(col(Change.operation_id).in_(operations))
        .where(col(Change.entity) != "activity")
        .order_by(col(Change.id))
    )
    found: dict[int, list[FieldChange]] = {}
    for change in session.scalars(statement):
        found.setdefault(change.operation_id, []).extend(_fields(change))
    return found


def _fields(change: Change) -> list[FieldChange]:
    old, new = change.before or {}, change.after or {}
    return [
        FieldChange(change.entity, change.deed, name, old.get(name), new.get(name))
        for name in (old | new)
    ]


def _mentions(entry: Entry, text: str) -> bool:
    if not text:
        return True
    words = " ".join(
        f"{c.name} {c.before or ''} {c.after or ''}" for c in entry.changes
    )
    return text.casefold() in f"{entry.who} {words}".casefold()
