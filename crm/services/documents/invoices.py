"""Invoices and credit notes: issued once, read often, never changed or deleted."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col

from crm import db
from crm.errors import NotFound
from crm.models import Invoice
from crm.services.documents.invoices_credit import credit
from crm.services.documents.invoices_credit import expect_left as expect_uncredited
from crm.services.documents.invoices_issue import expect_left as expect_uninvoiced
from crm.services.documents.invoices_issue import issue, left_of

__all__ = [
    "credit",
    "credit_notes",
    "expect_uncredited",
    "expect_uninvoiced",
    "invoice",
    "issue",
    "left_of",
    "numbers_of",
    "of_customer",
    "of_order",
]


def invoice(session: Session, invoice_id: int) -> Invoice:
    """One invoice, or credit note, with its lines and its customer.

    Raises:
        NotFound: it does not exist.
    """
    statement = (
        select(Invoice)
        .where(col(Invoice.id) == invoice_id)
        .options(selectinload(Invoice.lines), joinedload(Invoice.customer))
    )
    found = session.scalars(statement).first() if 0 < invoice_id < 2**63 else None
    if found is None:
        raise NotFound(Invoice, invoice_id)
    return found


def of_order(session: Session, order_id: int) -> list[Invoice]:
    """The invoices of an order and the notes that credit them, as they were issued.

    Of a return, the credit note that it was recorded with.
    """
    own = select(col(Invoice.id)).where(col(Invoice.order_id) == order_id)
    statement = (
        select(Invoice)
        .where(col(Invoice.id).in_(own) | col(Invoice.credited_id).in_(own))
        .order_by(col(Invoice.id))
    )
    return list(session.scalars(statement))


def of_customer(
    session: Session, customer_id: int, *, limit: int = 25
) -> list[Invoice]:
    """The invoices and credit notes of a customer, the latest first."""
    statement = (
        select(Invoice)
        .where(col(Invoice.customer_id) == customer_id)
        .order_by(col(Invoice.issued_on).desc(), col(Invoice.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def credit_notes(session: Session, invoice_id: int) -> list[Invoice]:
    """What credits an invoice, as it was issued, with lines."""
    statement = (
        select(Invoice)
        .where(col(Invoice.credited_id) == invoice_id)
        .options(selectinload(Invoice.lines))
        .order_by(col(Invoice.id))
    )
    return list(session.scalars(statement))


def numbers_of(session: Session, ids: list[int]) -> dict[int, str]:
    """The numbers of invoices in reach by their id."""
    statement = select(col(Invoice.id), col(Invoice.number)).where(
        db.ids_in(col(Invoice.id), sorted(set(ids)))
    )
    return {int(row[0]): row[1] for row in session.execute(statement)}
