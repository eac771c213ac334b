"""What documents of one family add up to: shares of lines, and tax that closes.

A family is the invoices of one order with what corrects them, or one invoice with its
credit notes. Whatever parts it comes in, the parts add up to the whole to the cent:
each document takes what is left after those before it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, inspect, select
from sqlmodel import Session

from crm.models import Invoice, InvoiceLine, PricedLine
from crm.services.documents.invoiced import Standing
from crm.services.prices.pricing import rounded, totals

Taxes = tuple[tuple[Decimal, Decimal], ...]  # rate (a share), amount


@dataclass(frozen=True)
class Family:
    """What stands so far: the amounts before tax by tax rate, and all tax."""

    net: dict[Decimal, Decimal]
    tax: Decimal


def family(session: Session, member: ColumnElement[bool]) -> Family:
    """The family of the invoices that fit `member`, a condition on their table."""
    connection = session.connection()
    document, line = (inspect(table).local_table for table in (Invoice, InvoiceLine))
    by_rate = (
        select(line.c.tax_rate, func.sum(line.c.amount))
        .join(document, document.c.id == line.c.invoice_id)
        .where(member)
        .group_by(line.c.tax_rate)
    )
    net = {row[0]: row[1] for row in connection.execute(by_rate)}
    tax = connection.scalar(select(func.sum(document.c.tax)).where(member))
    return Family(net, tax or Decimal(0))


def share(
    whole: Standing, standing: Standing, quantity: Decimal, currency: str
) -> Decimal:
    """The amount of `quantity` more out of a `whole` line of which some stands."""
    reached = standing.quantity + quantity
    amount = whole.amount
    if reached != whole.quantity:
        amount = amount * reached / whole.quantity
    return rounded(amount, currency) - standing.amount


def closing_tax(before: Family, lines: Iterable[PricedLine], currency: str) -> Decimal:
    """The tax of one more document: what all have together, less what others have."""
    net = defaultdict(Decimal, before.net)
    for line in lines:
        net[line.tax_rate] += line.amount
    due = sum((rounded(rate * it, currency) for rate, it in net.items()), Decimal(0))
    return due - before.tax


def taxes(invoice: Invoice) -> Taxes:
    """The tax of an invoice by rate; what closes its family, in the largest of them."""
    parts = dict(totals(invoice.lines, invoice.currency).taxes)
    if parts and (left := invoice.tax - sum(parts.values())):
        parts[max(parts, key=lambda rate: abs(parts[rate]))] += left
    return tuple(sorted(parts.items()))
