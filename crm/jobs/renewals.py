"""Once a day: the next terms of subscriptions, and tasks before they begin."""

from typing import Any

from sqlmodel import Session

from crm import db
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.jobs.turns import Turns
from crm.models import Reason, utcnow
from crm.services import days
from crm.services.subscriptions import renewals

PIECE = 200  # subscriptions in one transaction


@job("renewals")
def keep_up(context: JobContext) -> dict[str, Any]:
    """Piece by piece, each written once; again, where somebody has just changed one."""
    at, turns = utcnow(), Turns(context)
    with db.reading(context.actor) as session:
        due = renewals.due(session, on=days.day_of(at))
    made = 0
    for start in range(0, len(due), PIECE):
        piece = due[start : start + PIECE]

        def some(session: Session, ids: list[int] = piece) -> int:
            return renewals.keep_up(session, ids, at=at)

        made += turns.write(f"renewals {start}", some, reason=Reason.SYSTEM)
        context.progress((start + len(piece)) / len(due))
    return {"due": len(due), "tasks": made}
