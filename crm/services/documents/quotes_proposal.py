"""How a new quote begins: with what is usual, and what the opportunity says."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.db.plain import plain
from crm.models import (
    Contact,
    Customer,
    Lead,
    Opportunity,
    OpportunityLine,
    PriceList,
)
from crm.services.admin import company
from crm.services.documents import quotes_lines

Values = dict[str, Any]


def proposal(
    session: Session,
    *,
    customer_id: int | None = None,
    opportunity_id: int | None = None,
    on: date,
) -> Values:
    """The fields of a new quote to a customer, or for an opportunity, as plain data.

    The lines and the currency of the opportunity are taken over, and the contact of
    the lead that it was.

    Raises:
        NotFound: the customer, or the opportunity, does not exist.
    """
    lines: list[Values] = []
    currency = settings().currency
    if opportunity_id is not None:
        deal = db.get(session, Opportunity, opportunity_id)
        customer_id, currency = deal.customer_id, deal.currency
        lines = [_line(one) for one in _lines_of(session, opportunity_id)]
    customer = db.get(session, Customer, customer_id or 0)
    contact_id = None if opportunity_id is None else _contact(session, opportunity_id)
    usual = company.profile(session)
    return {
        "customer_id": customer.id,
        "contact_id": contact_id,
        "opportunity_id": opportunity_id,
        "currency": currency,
        "language": db.actor_of(session).language,
        "issued_on": on.isoformat(),
        "valid_until": (on + timedelta(days=usual.quote_days)).isoformat(),
        "owner_id": db.actor_of(session).user_id,
        "terms": usual.quote_terms,
        "lines": lines,
    }


def price_lists(session: Session, *, on: date) -> list[PriceList]:
    """The price lists that hold on a day, by name."""
    active = select(PriceList).where(col(PriceList.active).is_(True))
    found = session.scalars(active.order_by(col(PriceList.name), col(PriceList.id)))
    return [one for one in found if one.holds_on(on)]


def _contact(session: Session, opportunity_id: int) -> int | None:
    """The contact that came with the lead which became the opportunity, while the
    contact is still there and at that customer.
    """
    found = (
        select(col(Contact.id))
        .join(Lead, col(Lead.contact_id) == col(Contact.id))
        .join(Opportunity, col(Opportunity.id) == col(Lead.opportunity_id))
        .where(
            col(Opportunity.id) == opportunity_id,
            col(Contact.customer_id) == col(Opportunity.customer_id),
        )
        .order_by(col(Lead.id).desc())
    )
    return session.scalars(found).first()


def _lines_of(session: Session, opportunity_id: int) -> list[OpportunityLine]:
    found = (
        select(OpportunityLine)
        .where(col(OpportunityLine.opportunity_id) == opportunity_id)
        .order_by(col(OpportunityLine.position))
    )
    return list(session.scalars(found))


def _line(line: OpportunityLine) -> Values:
    return {name: plain(value) for name, value in quotes_lines.plain(line).items()}
