"""Ask customers how things are: a ticket for each of many, in one operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import Customer, Ticket, TicketFields, TicketKind
from crm.models.tickets import ASKED_BY_US
from crm.services import records
from crm.services.support import tickets


@dataclass(frozen=True)
class Asked:
    """How many tickets were opened, and how many customers are being asked already."""

    opened: int
    there: int


def ask(
    session: Session, customer_ids: Sequence[int], subject: str, *, at: datetime
) -> Asked:
    """Open an inquiry about each customer in reach, for its owner, else for the actor.

    Whoever has such a ticket that is not over gets no second one: doing it twice
    changes nothing.

    Raises:
        Invalid: no subject, or one that is too long.
        RuleBroken: none of the customers is in reach.
    """
    there = opened = 0
    for piece in db.chunked(list(dict.fromkeys(customer_ids))):
        db.lock(session, Customer, piece)  # nobody else asks them now
        asked = _asked(session, piece)
        for customer in records.rows(session, Customer, piece):
            if customer.id in asked:
                there += 1
                continue
            data = {
                "subject": subject,
                "kind": TicketKind.INQUIRY,
                "source": ASKED_BY_US,
                "customer_id": customer.id,
                "owner_id": customer.owner_id,
            }
            tickets.create(session, records.valid(TicketFields, data), at=at)
            opened += 1
    if not there + opened:
        raise RuleBroken(_("None of these records is there any more."))
    return Asked(opened, there)


def _asked(session: Session, ids: Sequence[int]) -> set[int | None]:
    """Those of the customers who have a ticket of this kind that is not over."""
    found = (
        select(col(Ticket.customer_id))
        .where(db.ids_in(col(Ticket.customer_id), ids))
        .where(col(Ticket.source) == ASKED_BY_US)
        .where(col(Ticket.status).not_in(tickets.OVER))
    )
    return set(session.scalars(found))
