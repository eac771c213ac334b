"""The chance to win of open opportunities: what it stands on, and where it is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.analytics.win_landmarks import Past
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Actor, Customer, Opportunity, Stage
from crm.services import opportunity_tables

KIND = "win_chance"  # of the analysis
PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Named:
    """What an opportunity is called, with whom, and the stage it stands in now."""

    name: str
    customer: str
    stage: str


def past(session: Session, *, only: Collection[int] | None = None) -> Past:
    """All in the actor's reach, of the customers `only` where they are given."""
    found = opportunity_tables.deals(session, only=only)
    steps = opportunity_tables.next_steps(session)
    known = steps["opportunity_id"].isin(found.opportunities["opportunity_id"])
    return Past(
        found.opportunities,
        found.stages,
        found.changes,
        found.estimates,
        found.contacted,
        steps[known].reset_index(drop=True),
    )


def named(session: Session, ids: Sequence[int]) -> dict[int, Named]:
    """Those of the opportunities that are in reach, by id."""
    found: dict[int, Named] = {}
    for piece in db.chunked(list(ids)):
        statement = (
            select(
                col(Opportunity.id),
                col(Opportunity.name),
                col(Customer.name),
                col(Stage.name),
            )
            .join(Customer, col(Customer.id) == col(Opportunity.customer_id))
            .join(Stage, col(Stage.id) == col(Opportunity.stage_id))
            .where(col(Opportunity.id).in_(piece))
        )
        found |= {row[0]: Named(*row[1:]) for row in session.execute(statement)}
    return found


def may_store(actor: Actor) -> bool:
    """Whether the chances of what this actor sees are those for everyone."""
    return actor.sees_all and actor.may(Action.UPDATE, "opportunity")


def store(session: Session, chances: Mapping[int, float]) -> int:
    """Let each opportunity have its chance, and all others none; how many changed.

    Past the session and in one batch: it is no edit, so that neither version nor
    change log tells of it, and nobody's open form goes stale.

    Args:
        chances: by the id of the opportunity, 0 to 1.

    Raises:
        Forbidden: see `may_store`.
    """
    if not may_store(db.actor_of(session)):
        raise Forbidden(_("You do not have the right to do this."))
    table = SQLModel.metadata.tables["opportunity"]
    connection = session.connection()
    found = select(table.c.id, table.c.win_chance).where(
        table.c.win_chance.is_not(None)
    )
    before = {row[0]: row[1] for row in connection.execute(found)}
    wanted = {key: _stored(chance) for key, chance in chances.items()}
    changed = [
        {"key": key, "chance": wanted.get(key)}
        for key in sorted(before.keys() | wanted.keys())
        if before.get(key) != wanted.get(key)
    ]
    if changed:
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values(win_chance=bindparam("chance"))
        )
        connection.execute(statement, changed)
    return len(changed)


def _stored(chance: float) -> Decimal:
    return Decimal(str(chance)).quantize(PLACES)
