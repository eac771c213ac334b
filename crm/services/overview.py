"""What the first page tells: how many of each kind, names of records at hand."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Action
from crm.services import naming
from crm.services.fields import ENTITIES
from crm.services.lists import COUNT_LIMIT

Named = tuple[str, int, str]  # kind of record, id, name


def counts(session: Session) -> dict[str, int]:
    """Records in reach by kind, each counted up to `COUNT_LIMIT`."""
    actor = db.actor_of(session)
    found = {}
    for name, entity in ENTITIES.items():
        if actor.may(Action.READ, name):
            table: Any = entity.table
            some = select(table.id).limit(COUNT_LIMIT).subquery()
            found[name] = session.scalar(select(sa.func.count()).select_from(some)) or 0
    return found


def named(session: Session, records: list[tuple[str, int]]) -> list[Named]:
    """The records that are still there and in reach, in the order given."""
    names: dict[tuple[str, int], str] = {}
    for entity in {entity for entity, _id in records if entity in ENTITIES}:
        table: Any = ENTITIES[entity].table
        ids = [record_id for kind, record_id in records if kind == entity]
        for row in session.scalars(select(table).where(db.ids_in(col(table.id), ids))):
            name = getattr(row, "name", None) or getattr(row, "number", None)
            names[entity, row.id] = name or naming.name_of(row)
    return [(*key, names[key]) for key in records if key in names]
