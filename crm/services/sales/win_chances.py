"""The chance to win of open opportunities: what it stands on, and where it is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.analytics.deals.win_landmarks import Past
from crm.models import Actor, Customer, Opportunity, Stage
from crm.services import days
from crm.services.sales import opportunity_tables, stored_chances

KIND = "win_chance"  # of the analysis


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
        days.zone(),
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
    return stored_chances.may_store(actor, "opportunity")


def store(session: Session, chances: Mapping[int, float]) -> int:
    """Let each opportunity have its chance, and all others none; how many changed.

    Args:
        chances: by the id of the opportunity, 0 to 1.

    Raises:
        Forbidden: see `may_store`.
    """
    return stored_chances.store(session, "opportunity", "win_chance", chances)
