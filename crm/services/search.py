"""Search over everything: a word finds customers, contacts, orders, products …"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.i18n import _
from crm.models import (
    Campaign,
    Contact,
    Customer,
    Invoice,
    Lead,
    Opportunity,
    Order,
    Product,
    Quote,
    Subscription,
    Ticket,
)
from crm.services import days, filters
from crm.services.fields import ENTITIES
from crm.services.marketing.campaign_fields import CAMPAIGN_STATES
from crm.services.support.ticket_fields import TICKET_STATES

SHORTEST = 2
TABLES = (
    Customer, Contact, Opportunity, Lead, Quote, Order, Invoice, Product, Subscription,
    Ticket, Campaign,
)  # fmt: skip
STATES = {"ticket": TICKET_STATES, "campaign": CAMPAIGN_STATES}
ABOUT = {
    "customer": ("email", "city"),
    "contact": ("email", "role"),
    "lead": ("company", "email"),
}


@dataclass(frozen=True)
class Hit:
    """A record found: its kind (name of the table), id, name and a word about it."""

    entity: str
    record_id: int
    name: str
    about: str


def everywhere(session: Session, text: str, *, limit: int = 6) -> list[Hit]:
    """At most `limit` records of each kind whose name, e-mail or number fits `text`."""
    if len(filters.sound(text).strip()) < SHORTEST:
        return []
    hits = []
    for table in TABLES:
        entity = ENTITIES[str(table.__tablename__)]
        found: Any = (
            select(table)
            .where(filters.matches_search(entity, text))
            .order_by(col(table.search_key), col(table.id))
            .limit(limit)
        )
        hits += [_hit(entity.name, row) for row in session.scalars(found)]
    return hits


def _hit(entity: str, row: Any) -> Hit:
    if isinstance(row, Order | Invoice):
        day = days.day_of(row.ordered_at) if isinstance(row, Order) else row.issued_on
        return Hit(entity, row.id, row.number, day.isoformat())
    if isinstance(row, Quote | Subscription):
        about = f"v{row.revision}" if isinstance(row, Quote) else row.name
        return Hit(entity, row.id, row.number, about or "")
    if isinstance(row, Product):
        return Hit(entity, row.id, row.name, row.sku)
    if isinstance(row, Opportunity):
        closes = row.close_on.isoformat() if row.close_on else ""
        return Hit(entity, row.id, row.name, closes)
    if isinstance(row, Ticket | Campaign):
        name = row.subject if isinstance(row, Ticket) else row.name
        return Hit(entity, row.id, name, _(STATES[entity][row.status.value]))
    told = (getattr(row, name) for name in ABOUT[entity])
    return Hit(entity, row.id, row.name, " · ".join(word for word in told if word))
