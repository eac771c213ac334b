"""Search over everything: a word finds customers, contacts, orders, products …"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import (
    Contact,
    Customer,
    Invoice,
    Lead,
    Opportunity,
    Order,
    Product,
    Quote,
    Subscription,
)
from crm.services import filters
from crm.services.fields import ENTITIES

SHORTEST = 2
TABLES = (
    Customer, Contact, Opportunity, Lead, Quote, Order, Invoice, Product, Subscription,
)  # fmt: skip


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
        day = row.ordered_at.date() if isinstance(row, Order) else row.issued_on
        return Hit(entity, row.id, row.number, day.isoformat())
    if isinstance(row, Quote | Subscription):
        about = f"v{row.revision}" if isinstance(row, Quote) else row.name
        return Hit(entity, row.id, row.number, about or "")
    if isinstance(row, Product):
        return Hit(entity, row.id, row.name, row.sku)
    if isinstance(row, Opportunity):
        closes = row.close_on.isoformat() if row.close_on else ""
        return Hit(entity, row.id, row.name, closes)
    if isinstance(row, Lead):
        about = " · ".join(w for w in (row.company, row.email) if w)
        return Hit(entity, row.id, row.name, about)
    place = row.city if isinstance(row, Customer) else row.role
    return Hit(entity, row.id, row.name, " · ".join(w for w in (row.email, place) if w))
