"""What is left of an invoice to pay, and what is open in all, in the book currency."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, inspect, select
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col

from crm.errors import NotFound
from crm.models import Invoice, InvoiceKind, Payment
from crm.services.money import exchange
from crm.services.money.exchange_sums import Sum

NOTHING = Decimal(0)


def locked(session: Session, invoice_id: int) -> Invoice:
    """An invoice with its lines, as it is now; nobody else changes it meanwhile.

    Raises:
        NotFound: it does not exist.
    """
    statement = (
        select(Invoice)
        .where(col(Invoice.id) == invoice_id)
        .options(selectinload(Invoice.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(statement).first() if 0 < invoice_id < 2**63 else None
    if found is None:
        raise NotFound(Invoice, invoice_id)
    return found


def settle(session: Session, invoice: Invoice) -> None:
    """Add up anew what was paid and credited of a locked invoice."""
    session.flush()
    paid, note = (inspect(table).local_table.c for table in (Payment, Invoice))
    stands = and_(paid.invoice_id == invoice.id, paid.voided_at.is_(None))
    connection = session.connection()
    invoice.paid = connection.scalar(select(func.sum(paid.amount)).where(stands)) or (
        NOTHING
    )
    credited = select(func.sum(note.total)).where(note.credited_id == invoice.id)
    invoice.credited = connection.scalar(credited) or NOTHING
    session.flush()


@dataclass(frozen=True)
class OpenSums:
    """What customers owe, how much of it too late, and what is in their favour."""

    open: Sum
    overdue: Sum
    in_favour: Sum


def open_sums(
    session: Session, *, on: date, customer_id: int | None = None
) -> OpenSums:
    """What is open on a day, of the invoices in reach or of one customer."""
    due = col(Invoice.balance) > NOTHING
    late = due & (col(Invoice.due_on) < on)
    back = col(Invoice.balance) < NOTHING
    return OpenSums(*(_sum(session, one, customer_id) for one in (due, late, back)))


def _sum(session: Session, condition: Any, customer_id: int | None) -> Sum:
    """Per rate in SQL, as no two amounts are multiplied there."""
    statement = (
        select(
            col(Invoice.currency),
            col(Invoice.rate),
            func.sum(col(Invoice.balance)),
            func.count(),
        )
        .where(col(Invoice.kind) == InvoiceKind.INVOICE, condition)
        .group_by(col(Invoice.currency), col(Invoice.rate))
    )
    if customer_id is not None:
        statement = statement.where(col(Invoice.customer_id) == customer_id)
    total = Sum()
    for currency, rate, balance, invoices in session.execute(statement):
        worth = exchange.worth(balance, currency, rate)
        if worth is None:
            others = {currency: balance}
            total += Sum(invoices, missing={currency: invoices}, others=others)
        else:
            total += Sum(invoices, worth)
    return total
