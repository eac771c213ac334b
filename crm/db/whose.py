"""Whose timeline shows a change: the customer that a row belongs to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.db.portable import ids_in
from crm.models import (
    Activity,
    Contact,
    Customer,
    CustomField,
    CustomValue,
    Invoice,
    Lead,
    Opportunity,
    Order,
    Payment,
    Quote,
    Subscription,
    Ticket,
)
from crm.models.base import Record

Place = tuple[str, int]
_LINKED: dict[str, Any] = {
    "contact": Contact,
    "sales_order": Order,
    "activity": Activity,
    "subscription": Subscription,
    "lead": Lead,
    "opportunity": Opportunity,
    "quote": Quote,
    "invoice": Invoice,
    "payment": Payment,
    "ticket": Ticket,
}


def customers_of(session: Session, rows: Sequence[Record]) -> list[int | None]:
    """The customer's id for each of `rows`, as they are in the database now.

    What hangs on a contact, an order or an activity belongs to its customer.
    """
    entities = _entities(session, rows)
    places = [_place(row, entities) for row in rows]
    linked = _linked(session, {place for place in places if place})
    return [
        _own(row) if place is None else linked.get(place)
        for row, place in zip(rows, places, strict=True)
    ]


def _own(row: Record) -> int | None:
    if isinstance(row, Customer):
        return row.id
    owner: int | None = getattr(row, "customer_id", None)
    return owner


def _place(row: Record, entities: dict[int, str]) -> Place | None:
    """The record that `row` hangs on: kind and id; None where it stands alone."""
    record_id = getattr(row, "record_id", None)
    if isinstance(row, CustomValue):
        return entities[row.field_id], row.record_id
    return None if record_id is None else (str(getattr(row, "entity", "")), record_id)


def _entities(session: Session, rows: Sequence[Record]) -> dict[int, str]:
    """What kind of record each custom field among `rows` is for."""
    fields = sorted({row.field_id for row in rows if isinstance(row, CustomValue)})
    if not fields:
        return {}
    found = select(col(CustomField.id), col(CustomField.entity)).where(
        ids_in(col(CustomField.id), fields)
    )
    return {int(row[0]): row[1] for row in session.connection().execute(found)}


def _linked(session: Session, places: set[Place]) -> dict[Place, int | None]:
    found: dict[Place, int | None] = {p: p[1] for p in places if p[0] == "customer"}
    for entity, table in _LINKED.items():
        if wanted := sorted(key for name, key in places if name == entity):
            statement = select(table.id, table.customer_id).where(
                ids_in(table.id, wanted)
            )
            for key, owner in session.connection().execute(statement):
                found[entity, int(key)] = owner
    return found
