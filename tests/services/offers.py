"""Quotes for tests, made and changed as the services do it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    ListPrice,
    PriceList,
    Product,
    Quote,
    QuoteFields,
)
from crm.services import records, undo
from crm.services.documents import quotes
from tests import make

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 12, tzinfo=UTC)  # after the usual 30 days


def line(product: Product, quantity: Any = 1, **fields: Any) -> dict[str, Any]:
    return {"product_id": product.id, "quantity": str(quantity)} | fields


def form(customer: Customer, *lines: dict[str, Any], **fields: Any) -> QuoteFields:
    given = {"customer_id": customer.id, "lines": list(lines)}
    return records.valid(QuoteFields, given | fields)


def written(
    actor: Actor, customer: Customer, *lines: dict[str, Any], **fields: Any
) -> Quote:
    lines = lines or (line(make.product(), unit_price="100"),)
    with db.transaction(actor) as session:
        return quotes.create(session, form(customer, *lines, **fields), on=ON)


def sent(actor: Actor, customer: Customer, **fields: Any) -> Quote:
    made = written(actor, customer, **fields)
    with db.transaction(actor) as session:
        return quotes.mark_sent(session, made.id, at=AT)


def read(row: Quote, actor: Actor = SYSTEM) -> Quote:
    with db.reading(actor) as session:
        return quotes.quote(session, row.id)


def changed(actor: Actor, row: Quote, **changes: Any) -> int:
    """Change a draft; the number of the operation."""
    return done(actor, lambda s: quotes.update(s, row.id, changes))


def done(actor: Actor, deed: Any) -> int:
    """Do something in a transaction; the number of the operation, 0 without one."""
    with db.transaction(actor) as session:
        deed(session)
    return db.operation_of(session) or 0


def undone(actor: Actor, operation: int) -> list[str]:
    """Take an operation back; what stays."""
    with db.transaction(actor) as session:
        return undo.undo(session, operation).skipped


def price_list(
    *prices: tuple[Product, str, str], currency: str = "EUR", **details: Any
) -> PriceList:
    """A saved list; each price is product, quantity from which on, price."""

    def save(session: Session) -> PriceList:
        made = PriceList(name="Trade", currency=currency, **details)
        session.add(made)
        session.flush()
        for product, least, price in prices:
            session.add(
                ListPrice(
                    price_list_id=made.id,
                    product_id=product.id,
                    min_quantity=least,
                    price=price,
                )
            )
        return made

    with db.transaction(SYSTEM) as session:
        return save(session)
