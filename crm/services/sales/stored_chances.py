"""Chances that an analysis gives to records, written beside them.

They are no edits: neither version nor change log tells of them, and nobody's open
form goes stale.
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, SQLModel

from crm import db
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Actor

PLACES = Decimal("0.0001")


def may_store(actor: Actor, entity: str) -> bool:
    """Whether the chances of what this actor sees are those for everyone."""
    return actor.sees_all and actor.may(Action.UPDATE, entity)


def store(
    session: Session, entity: str, column: str, chances: Mapping[int, float]
) -> int:
    """Let each record have its chance, and all others none; how many changed.

    Past the session and in one batch.

    Args:
        entity: the name of the table; `column` is one that the change log leaves out.
        chances: by the id of the record, 0 to 1.

    Raises:
        Forbidden: see `may_store`.
    """
    if not may_store(db.actor_of(session), entity):
        raise Forbidden(_("You do not have the right to do this."))
    table = SQLModel.metadata.tables[entity]
    key, kept = table.c.id, table.c[column]
    connection = session.connection()
    found = connection.execute(select(key, kept).where(kept.is_not(None)))
    before = {row[0]: row[1] for row in found}
    wanted = {one: _stored(chance) for one, chance in chances.items()}
    changed = [
        {"record": one, "chance": wanted.get(one)}
        for one in sorted(before.keys() | wanted.keys())
        if before.get(one) != wanted.get(one)
    ]
    if changed:
        statement = update(table).where(key == bindparam("record"))
        chance = bindparam("chance", type_=kept.type)
        connection.execute(statement.values({column: chance}), changed)
    return len(changed)


def _stored(chance: float) -> Decimal:
    return Decimal(str(chance)).quantize(PLACES)
