"""The recycle bin: what was deleted, and the way back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import Binned
from crm.services import filters
from crm.services.fields import ENTITIES


def listed(
    session: Session, entity: str, *, search: str = "", limit: int = 50
) -> list[Any]:
    """Deleted records of `entity` in reach, last deleted first."""
    table = _table(entity)
    deleted_at = col(table.deleted_at)
    statement = (
        select(table)
        .where(deleted_at.is_not(None))
        .where(filters.matches_search(ENTITIES[entity], search))
        .order_by(deleted_at.desc(), col(table.id).desc())
        .limit(limit)
        .execution_options(**db.everything)
    )
    return list(session.scalars(statement))


def count(session: Session, entity: str) -> int:
    """How many deleted records of `entity` are in reach."""
    table = _table(entity)
    statement = (
        select(func.count())
        .select_from(table)
        .where(col(table.deleted_at).is_not(None))
        .execution_options(**db.everything)
    )
    return int(session.scalar(statement) or 0)


def restore(session: Session, entity: str, ids: Sequence[int]) -> int:
    """Bring records back, with all that hangs on them; how many.

    Raises:
        RuleBroken: none of them is in the bin.
        Duplicate: another record has taken its e-mail, number or external id.
    """
    table, done = _table(entity), 0
    for piece in db.chunked(list(ids)):
        statement = (
            select(table)
            .where(col(table.id).in_(piece), col(table.deleted_at).is_not(None))
            .execution_options(**db.everything)
        )
        for row in session.scalars(statement):
            row.deleted_at = None
            done += 1
    if not done:
        raise RuleBroken(_("None of these records is there any more."))
    session.flush()
    return done


def _table(entity: str) -> type[Binned]:
    table = ENTITIES[entity].table if entity in ENTITIES else None
    if table is None or not issubclass(table, Binned):
        raise Invalid(_("There is no list of “{name}”.").format(name=entity))
    return table
