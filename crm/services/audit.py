"""The audit: who did what, and whether the log still says what was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.db import chain
from crm.db.chain import Verified
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Change, Operation, Reason, folded
from crm.services import naming
from crm.services.changes import FieldChange, described, readable

STEP = 500  # operations looked through at a time for a text
FARTHEST = 20_000  # and at most, before the page is shown

COLUMNS = (
    "at", "operation", "who", "as", "reason", "note", "undoes",
    "entity", "record_id", "record", "deed", "field", "before", "after",
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """Which operations are looked for; what is None does not matter.

    `since` is included, `until` is not. `text` is looked for in names, notes and
    changed values, whatever its case and accents.
    """

    user_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    reason: Reason | None = None
    entity: str | None = None
    record_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """One operation. `counts` are the altered rows by kind, those in sight."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    actor_kind: str  # user, token, job, system
    reason: Reason
    note: str | None
    undoes: int | None
    counts: dict[str, int]


@dataclass(frozen=True)
class Page:
    """Operations, newest first; `next` asks for those before, None at the end."""

    entries: list[Entry]
    next: int | None


def operations(
    session: Session, query: Query, *, before: int | None = None, limit: int = 50
) -> Page:
    """Operations that `query` finds, newest first, at most `limit` (200) of them.

    Whoever sees a part of the customers sees what touched these. A search for a text
    may end before the log does, with fewer entries and a `next` to search on.

    Raises:
        Forbidden: no right to read the audit.
    """
    _require(session)
    limit = max(1, min(limit, 200))
    words, looked = folded(query.text), 0
    entries: list[Entry] = []
    step = STEP if words else limit
    while looked < FARTHEST:
        page = _page(session, query, before, step)
        for entry in _entries(session, page, words):
            if len(entries) == limit:
                return Page(entries, entries[-1].id)
            entries.append(entry)
        if len(page) < step:
            return Page(entries, None)
        looked, before = looked + len(page), page[-1].id
        if len(entries) == limit:
            break
    return Page(entries, before)


def changes(
    session: Session, operation_id: int, *, limit: int = 1000
) -> list[FieldChange]:
    """What one operation altered, as far as the actor sees it: `limit` rows of it.

    Raises:
        Forbidden: no right to read the audit.
        NotFound: there is no such operation.
    """
    _require(session)
    db.get(session, Operation, operation_id)
    found = _in_sight(session, [operation_id]).order_by(col(Change.id)).limit(limit)
    rows = list(session.scalars(found, execution_options=db.everything))
    return described(session, rows).get(operation_id, [])


def export(session: Session, query: Query) -> Iterator[list[Any]]:
    """All that `query` finds, newest first: one row as `COLUMNS` per changed field.

    Raises:
        Forbidden: no right to read the audit.
    """
    _require(session)
    return _exported(session, query)


def note_export(session: Session, entity: str, rows: int, what: str) -> None:
    """Leave in the log that `rows` records of `entity` went out as a file.

    `what` says which ones: a filter in words, a file's name.

    Raises:
        Forbidden: no right to export such records.
    """
    db.require(db.actor_of(session), Action.EXPORT, entity)
    pending = db.pending_of(session)
    pending.reason, pending.always = Reason.EXPORT, True
    pending.note = _("{records}: {count} – {what}").format(
        records=naming.kind_of(entity), count=rows, what=what
    )


def verify(session: Session) -> Verified:
    """Walk the whole log and recompute every seal; takes a minute a million changes.

    Raises:
        Forbidden: no right to read the audit.
    """
    _require(session)
    return chain.verify(session)


def _require(session: Session) -> None:
    if not db.actor_of(session).may(Action.READ, "audit"):
        raise Forbidden(_("You do not have the right to see the audit."))


def _page(
    session: Session, query: Query, before: int | None, step: int
) -> Sequence[Operation]:
    key = col(Operation.id)
    found = select(Operation).where(*_conditions(session, query))
    if before is not None:
        found = found.where(key < before)
    newest = found.order_by(key.desc()).limit(step)
    return session.scalars(newest, execution_options=db.everything).all()


def _conditions(session: Session, query: Query) -> list[Any]:
    o = Operation
    conditions = [
        column == value
        for column, value in (
            (col(o.actor_id), query.user_id),
            (col(o.reason), query.reason),
        )
        if value is not None
    ]
    if query.since is not None:
        conditions.append(col(o.at) >= query.since)
    if query.until is not None:
        conditions.append(col(o.at) < query.until)
    sees_all = db.actor_of(session).sees_all
    if query.entity is not None or query.record_id is not None or not sees_all:
        conditions.append(col(o.id).in_(_touching(session, query)))
    return conditions


def _touching(session: Session, query: Query) -> Any:
    """The operations that altered what is looked for and in sight."""
    kinds = readable(db.actor_of(session))
    found = select(col(Change.operation_id)).where(col(Change.entity).in_(kinds))
    if query.entity is not None:
        found = found.where(col(Change.entity) == query.entity)
    if (record_id := query.record_id) is not None:
        in_batch = sa.and_(
            col(Change.last_id).is_not(None),
            col(Change.record_id) <= record_id,
            col(Change.last_id) >= record_id,
        )
        found = found.where(sa.or_(col(Change.record_id) == record_id, in_batch))
    return found


def _in_sight(session: Session, operations: Sequence[int]) -> Any:
    return select(Change).where(
        db.ids_in(col(Change.operation_id), operations),
        col(Change.entity).in_(readable(db.actor_of(session))),
    )


def _entries(session: Session, page: Sequence[Operation], words: str) -> list[Entry]:
    if words:
        page = _mentioning(session, page, words)
    counts = _counts(session, [one.id for one in page])
    return [
        Entry(
            **one.model_dump(exclude={"seal", "note"}),
            note=one.words,
            counts=counts.get(one.id, {}),
        )
        for one in page
    ]


def _counts(session: Session, operations: Sequence[int]) -> dict[int, dict[str, int]]:
    """Altered rows by operation and kind; a batch counts as many."""
    key, entity = col(Change.operation_id), col(Change.entity)
    rows = (
        select(key, entity, func.count())
        .where(db.ids_in(key, operations), col(Change.last_id).is_(None))
        .where(entity.in_(readable(db.actor_of(session))))
        .group_by(key, entity)
    )
    found: dict[int, dict[str, int]] = {}
    sight = session.execute(rows, execution_options=db.everything)
    for operation_id, kind, count in sight:
        found.setdefault(operation_id, {})[kind] = int(count)
    batches = _in_sight(session, operations).where(col(Change.last_id).is_not(None))
    for batch in session.scalars(batches, execution_options=db.everything):
        kinds = found.setdefault(batch.operation_id, {})
        count = int((batch.after or batch.before or {}).get("count", 1))
        kinds[batch.entity] = kinds.get(batch.entity, 0) + count
    return found


def _mentioning(
    session: Session, page: Sequence[Operation], words: str
) -> list[Operation]:
    """Those that say `words` in a name, a note or a changed value."""
    said: dict[int, list[str]] = {
        one.id: [one.actor_name, one.words or ""] for one in page
    }
    changes = _in_sight(session, list(said))
    for change in session.scalars(changes, execution_options=db.everything):
        values = [*(change.before or {}).values(), *(change.after or {}).values()]
        said[change.operation_id] += [str(value) for value in values]
    return [one for one in page if words in folded("\n".join(said[one.id]))]


def _exported(session: Session, query: Query) -> Iterator[list[Any]]:
    before: int | None = None
    while True:
        page = operations(session, query, before=before, limit=200)
        for entry in page.entries:
            yield from _rows(session, entry)
        if page.next is None:
            return
        before = page.next


def _rows(session: Session, entry: Entry) -> Iterator[list[Any]]:
    who = [entry.actor_name, entry.actor_kind, entry.reason.value]
    head = [entry.at, entry.id, *who, entry.note, entry.undoes]
    altered = changes(session, entry.id, limit=1_000_000)
    for one in altered:
        record = [one.entity, one.record_id, one.record, one.deed.value]
        yield [*head, *record, one.name, one.before, one.after]
    if not altered:
        yield head + [None] * (len(COLUMNS) - len(head))
