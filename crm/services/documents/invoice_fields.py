"""The fields of invoices and payments, for the register of `crm.services.fields`."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm.i18n import N_
from crm.models import Invoice, InvoiceKind, Payment, PaymentMethod
from crm.services import days
from crm.services.field_kinds import Field, Kind

NOTHING = Decimal(0)


class InvoiceState(StrEnum):
    """Where an invoice stands on a day."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    CREDITED = "credited"  # all of it
    CREDIT_NOTE = "credit_note"  # is none


INVOICE_KINDS = {
    InvoiceKind.INVOICE.value: N_("Invoice"),
    InvoiceKind.CREDIT_NOTE.value: N_("Credit note"),
}
INVOICE_STATES = {
    InvoiceState.OPEN.value: N_("Unpaid"),
    InvoiceState.PARTLY_PAID.value: N_("Partly paid"),
    InvoiceState.OVERDUE.value: N_("Overdue"),
    InvoiceState.PAID.value: N_("Paid"),
    InvoiceState.CREDITED.value: N_("Credited"),
    InvoiceState.CREDIT_NOTE.value: N_("Credit note"),
}
PAYMENT_METHODS = {
    PaymentMethod.TRANSFER.value: N_("Bank transfer"),
    PaymentMethod.CARD.value: N_("Card"),
    PaymentMethod.CASH.value: N_("Cash"),
    PaymentMethod.DIRECT_DEBIT.value: N_("Direct debit"),
    PaymentMethod.OTHER.value: N_("Other way"),
}
PAYMENT_STATES = {"received": N_("Received"), "void": N_("Void")}


def state_of(invoice: Invoice, on: date) -> InvoiceState:
    """Where an invoice stands on a day: as `_state` says it in SQL."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return InvoiceState.CREDIT_NOTE
    if invoice.credited < 0 and invoice.total + invoice.credited <= 0:
        return InvoiceState.CREDITED
    if invoice.balance <= 0:
        return InvoiceState.PAID
    if invoice.due_on is not None and invoice.due_on < on:
        return InvoiceState.OVERDUE
    started = invoice.balance != invoice.total
    return InvoiceState.PARTLY_PAID if started else InvoiceState.OPEN


def _state() -> Any:
    """Where an invoice stands on the day on which a statement is run."""
    day = sa.bindparam("day", type_=sa.Date(), unique=True, callable_=days.today)
    i, State = Invoice, InvoiceState  # noqa: N806  (a class)
    credited = sa.and_(
        col(i.credited) < NOTHING, col(i.total) + col(i.credited) <= NOTHING
    )
    return sa.case(
        (col(i.kind) == InvoiceKind.CREDIT_NOTE, State.CREDIT_NOTE.value),
        (credited, State.CREDITED.value),
        (col(i.balance) <= NOTHING, State.PAID.value),
        (col(i.due_on) < day, State.OVERDUE.value),
        (col(i.balance) != col(i.total), State.PARTLY_PAID.value),
        else_=State.OPEN.value,
    )


def _fixed(name: str, label: str, kind: Kind, column: Any, **more: Any) -> Field:
    """A field of what is booked: nobody edits it."""
    return Field(name, label, kind, column, column, editable=False, **more)


def _invoice_fields() -> tuple[Field, ...]:
    i = Invoice
    return (
        _fixed("number", N_("Number"), Kind.TEXT, i.number, key=i.search_key,
               shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, i.customer_id, shown=True,
              editable=False),
        Field("state", N_("Status"), Kind.CHOICE, _state(), choices=INVOICE_STATES,
              editable=False, shown=True),
        _fixed("issued_on", N_("Date"), Kind.DATE, i.issued_on, shown=True),
        _fixed("due_on", N_("Due on"), Kind.DATE, i.due_on, shown=True),
        _fixed("total", N_("Total"), Kind.MONEY, i.total, shown=True),
        _fixed("balance", N_("Left to pay"), Kind.MONEY, i.balance, shown=True),
        _fixed("currency", N_("Currency"), Kind.TEXT, i.currency, shown=True),
        _fixed("kind", N_("Kind"), Kind.CHOICE, i.kind, choices=INVOICE_KINDS),
        _fixed("net", N_("Total without tax"), Kind.MONEY, i.net),
        _fixed("tax", N_("Tax"), Kind.MONEY, i.tax),
        _fixed("paid", N_("Paid"), Kind.MONEY, i.paid),
        _fixed("credited", N_("Credited"), Kind.MONEY, i.credited),
        _fixed("created_at", N_("Created"), Kind.MOMENT, i.created_at),
    )  # fmt: skip


def _number() -> Any:
    """The number of the invoice that was paid."""
    return (
        sa.select(col(Invoice.number))
        .where(col(Invoice.id) == col(Payment.invoice_id))
        .correlate(Payment)
        .scalar_subquery()
    )


def _void() -> Any:
    return sa.case((col(Payment.voided_at).is_(None), "received"), else_="void")


def _payment_fields() -> tuple[Field, ...]:
    p = Payment
    return (
        Field("invoice", N_("Invoice"), Kind.TEXT, _number(), editable=False,
              shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, p.customer_id, shown=True,
              editable=False),
        _fixed("paid_on", N_("Paid on"), Kind.DATE, p.paid_on, shown=True),
        _fixed("amount", N_("Amount"), Kind.MONEY, p.amount, shown=True),
        _fixed("currency", N_("Currency"), Kind.TEXT, p.currency, shown=True),
        _fixed("method", N_("Payment method"), Kind.CHOICE, p.method,
               choices=PAYMENT_METHODS, shown=True),
        _fixed("reference", N_("Reference"), Kind.TEXT, p.reference, key=p.search_key,
               shown=True),
        Field("state", N_("Status"), Kind.CHOICE, _void(), choices=PAYMENT_STATES,
              editable=False, shown=True),
        _fixed("void_reason", N_("Why it is void"), Kind.TEXT, p.void_reason),
        _fixed("created_at", N_("Created"), Kind.MOMENT, p.created_at),
    )  # fmt: skip


INVOICE_FIELDS, PAYMENT_FIELDS = _invoice_fields(), _payment_fields()
