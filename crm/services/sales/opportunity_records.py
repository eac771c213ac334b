"""Opportunities as they are kept: one with its lines, its way, what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col

from crm.errors import NotFound
from crm.models import Activity, Opportunity, StageChange, User
from crm.services.sales import pipelines


@dataclass(frozen=True)
class Step:
    """One move of an opportunity, in names; the first comes from nowhere (None)."""

    at: datetime
    from_stage: str | None
    to_stage: str
    who: str


def opportunity(session: Session, opportunity_id: int, **options: Any) -> Opportunity:
    """One opportunity with its lines and its customer.

    Raises:
        NotFound: it does not exist.
    """
    wanted = opportunity_id if 0 < opportunity_id < 2**63 else 0
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id) == wanted)
        .options(selectinload(Opportunity.lines), joinedload(Opportunity.customer))
    )
    found = session.scalars(statement, execution_options=options).unique().first()
    if found is None:
        raise NotFound(Opportunity, opportunity_id)
    return found


def of_customer(
    session: Session, customer_id: int, *, limit: int = 50
) -> list[Opportunity]:
    """The opportunities with a customer, the latest first."""
    statement = (
        select(Opportunity)
        .where(col(Opportunity.customer_id) == customer_id)
        .order_by(col(Opportunity.created_at).desc(), col(Opportunity.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def history(session: Session, opportunity_id: int) -> list[Step]:
    """Every move of an opportunity, the latest first."""
    found = (
        select(StageChange, col(User.name))
        .outerjoin(User, col(User.id) == col(StageChange.by_id))
        .where(col(StageChange.opportunity_id) == opportunity_id)
        .order_by(col(StageChange.at).desc(), col(StageChange.id).desc())
    )
    names = {stage.id: stage.name for stage in pipelines.stages(session)}
    return [
        Step(
            one.at,
            names.get(one.from_stage_id or 0),
            names[one.to_stage_id],
            who or "",
        )
        for one, who in session.execute(found)
    ]


def next_activity(session: Session, opportunity_id: int) -> Activity | None:
    """What is to be done for an opportunity first; None where nothing is planned."""
    statement = (
        select(Activity)
        .where(col(Activity.opportunity_id) == opportunity_id)
        .where(col(Activity.done_at).is_(None), col(Activity.due_at).is_not(None))
        .order_by(col(Activity.due_at), col(Activity.id))
        .limit(1)
    )
    return session.scalars(statement).first()
