"""The recycle bin: what was deleted, and the way back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, RuleBroken
from crm.i18n import _
from crm.models import Action, Binned, Change, Operation, Reason, folded
from crm.services import filters, naming
from crm.services.changes import Editor
from crm.services.clashes import clash
from crm.services.fields import ENTITIES


def listed(
    session: Session, entity: str, *, search: str = "", limit: int = 50, page: int = 1
) -> list[Any]:
    """Deleted records of `entity` in reach, last deleted first; pages count from 1.

    Raises:
        Invalid: there is no recycle bin for such records.
    """
    table = naming.binned_table_of(entity)
    deleted_at = col(table.deleted_at)
    newest = (
        select(table)
        .where(deleted_at.is_not(None))
        .order_by(deleted_at.desc(), col(table.id).desc())
    )
    skip = (max(1, page) - 1) * limit
    if search and entity not in ENTITIES:  # these have no search key
        words = folded(search)
        rows = session.scalars(newest, execution_options=db.everything)
        found = [row for row in rows if words in folded(naming.name_of(row))]
        return found[skip : skip + limit]
    if search:
        newest = newest.where(filters.matches_search(ENTITIES[entity], search))
    some = newest.limit(limit).offset(skip)
    return list(session.scalars(some, execution_options=db.everything))


def count(session: Session, entity: str) -> int:
    """How many deleted records of `entity` are in reach."""
    table = naming.binned_table_of(entity)
    statement = (
        select(func.count())
        .select_from(table)
        .where(col(table.deleted_at).is_not(None))
        .execution_options(**db.everything)
    )
    return int(session.scalar(statement) or 0)


def find(session: Session, table: type, record_id: object) -> Binned | None:
    """The deleted record of `table`, where it is one that the bin shows, and in reach.

    For those who were told that it is not there. None where that is the whole truth.
    """
    entity = str(getattr(table, "__tablename__", ""))
    if entity not in ENTITIES or not issubclass(table, Binned):
        return None
    if not isinstance(record_id, int) or not 0 < record_id < 2**63:
        return None
    if not db.actor_of(session).may(Action.READ, entity):
        return None
    found = select(table).where(
        col(table.id) == record_id, col(table.deleted_at).is_not(None)
    )
    return session.scalar(found, execution_options=db.everything)


def deleted_by(session: Session, entity: str, ids: Sequence[int]) -> dict[int, Editor]:
    """Who deleted each record, and when; without those of which nobody knows."""
    statement = (
        select(Change, col(Operation.actor_name), col(Operation.at))
        .join(Operation, col(Operation.id) == col(Change.operation_id))
        .where(col(Change.entity) == entity)
        .where(db.ids_in(col(Change.record_id), ids))
        .order_by(col(Change.id))
        .execution_options(**db.everything)
    )
    return {
        change.record_id: Editor(name, at)
        for change, name, at in session.execute(statement)
        if (change.after or {}).get("deleted_at")
    }


def restore(session: Session, entity: str, ids: Sequence[int]) -> int:
    """Bring records back, with all that hangs on them; how many.

    Raises:
        RuleBroken: none of them is in the bin.
        Duplicate: another record has taken an e-mail, a number or an external id
            meanwhile; none is brought back.
        Forbidden: the actor may not delete such records, nor bring them back.
    """
    table, done = naming.binned_table_of(entity), 0
    db.pending_of(session).reason = Reason.RESTORE
    for piece in db.chunked(list(ids)):
        statement = select(table).where(
            col(table.id).in_(piece), col(table.deleted_at).is_not(None)
        )
        for row in session.scalars(statement, execution_options=db.everything).all():
            row.deleted_at = None
            with session.no_autoflush:
                taken = clash(session, row)
            if taken:
                words = _("{record} cannot come back: {reason}")
                record = naming.called(row)
                raise Duplicate(words.format(record=record, reason=taken))
            session.flush()
            done += 1
    if not done:
        raise RuleBroken(_("None of these records is there any more."))
    return done
