"""Invoices, credit notes and payments: what is demanded, and what came in."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index, UniqueConstraint, inspect
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from crm.errors import RuleBroken
from crm.i18n import N_, _
from crm.models.base import Fields, Record, Row
from crm.models.customers import Customer
from crm.models.lines import PricedLine
from crm.models.money import InCurrency
from crm.models.search import search_key
from crm.models.types import Amount, Id, Instant, LongText, Text, stored
from crm.models.values import exact, storable


class NumberSeries(Row, table=True):
    """The last number given in a series; its row is locked until the number is used.

    A transaction that fails gives its number back, and so no number is missing.
    """

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("kind", "year"),)

    kind: str = Field(sa_type=Text(20))  # quote, order, invoice or credit_note
    year: int
    last: int = 0


RATE = frozenset({"rate", "rate_on"})  # come later where none was known


def _keep(row: Record, free: frozenset[str], words: str) -> None:
    """Refuse, in `words`, a change of what was booked but for the columns in `free`."""
    state = inspect(row)
    if not state.persistent:
        return
    altered = [one for one in state.attrs if one.history.has_changes()]
    late = {one.key for one in altered if one.history.deleted == [None]} & RATE
    if {one.key for one in altered} - free - late - row.UNLOGGED:
        raise RuleBroken(_(words))


class InvoiceKind(StrEnum):
    """What a document demands, or gives back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"  # its quantities and sums are negative


class Invoice(InCurrency, Record, table=True):
    """A demand for money for an order, or a credit note; never changed or deleted.

    `recipient` is the address on the day of issue. `paid` is the sum of the payments
    that stand, `credited` that of the credit notes (zero or less), and `balance` what
    is left: total + credited - paid.
    """

    __tablename__ = "invoice"
    __label__: ClassVar = N_("Invoice")
    __table_args__ = (
        Index(None, "customer_id", "issued_on"),
        Index(None, "due_on", "balance"),
    )
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"base_total"}
    FREE: ClassVar = frozenset({"customer_id", "paid", "credited", "balance"})

    kind: InvoiceKind = Field(default=InvoiceKind.INVOICE, sa_type=stored(InvoiceKind))
    number: str = Field(sa_type=Text(60), unique=True)
    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    order_id: int | None = Field(
        default=None,
        foreign_key="sales_order.id",
        ondelete="RESTRICT",
        sa_type=Id,
        index=True,
    )
    credited_id: int | None = Field(
        default=None,
        foreign_key="invoice.id",
        ondelete="RESTRICT",
        sa_type=Id,
        index=True,
    )
    language: str = Field(default="en", sa_type=Text(10))
    issued_on: date
    due_on: date | None = None
    recipient: str = Field(sa_type=LongText)
    terms: str | None = Field(default=None, sa_type=LongText)
    net: Decimal = Field(sa_type=Amount)
    tax: Decimal = Field(sa_type=Amount)
    total: Decimal = Field(sa_type=Amount)
    base_total: Decimal | None = Field(default=None, sa_type=Amount)  # of `net`
    paid: Decimal = Field(default=Decimal(0), sa_type=Amount)
    credited: Decimal = Field(default=Decimal(0), sa_type=Amount)
    balance: Decimal = Field(default=Decimal(0), sa_type=Amount)
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    customer: Mapped[Customer] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    lines: Mapped[list["InvoiceLine"]] = Relationship(
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"order_by": "InvoiceLine.position", "lazy": "raise"},
    )

    def prepare(self) -> None:
        _keep(self, self.FREE, N_("An invoice stays; a credit note takes it back."))
        self.search_key = search_key(self.number)
        self.base_total = self.in_base(self.net)
        is_invoice = self.kind is InvoiceKind.INVOICE
        left = self.total + self.credited - self.paid
        self.balance = left if is_invoice else Decimal(0)


class InvoiceLine(PricedLine, table=True):
    """A quantity of one product as it is charged, or given back."""

    __tablename__ = "invoice_line"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    invoice_id: int = Field(
        default=None, foreign_key="invoice.id", ondelete="CASCADE", sa_type=Id
    )
    order_line_id: int | None = Field(
        default=None,
        foreign_key="order_line.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )


class PaymentMethod(StrEnum):
    """How money came in."""

    TRANSFER = "transfer"
    CARD = "card"
    CASH = "cash"
    DIRECT_DEBIT = "direct_debit"
    OTHER = "other"


class PaymentFields(Fields):
    """What a user fills in about a payment, in the currency of its invoice."""

    invoice_id: int
    amount: Decimal
    paid_on: date | None = None
    method: PaymentMethod = PaymentMethod.TRANSFER
    reference: str | None = Field(default=None, max_length=120)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("amount")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places; below zero is money paid back."""
        return exact(amount)


class Payment(InCurrency, Record, table=True):
    """Money received for an invoice; what was entered by mistake is voided."""

    __tablename__ = "payment"
    __label__: ClassVar = N_("Payment")
    __table_args__ = (Index(None, "customer_id", "paid_on"),)
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"base_amount"}
    FREE: ClassVar = frozenset({"customer_id", "voided_at", "void_reason"})

    invoice_id: int = Field(
        foreign_key="invoice.id", ondelete="RESTRICT", sa_type=Id, index=True
    )
    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    paid_on: date
    amount: Decimal = Field(sa_type=Amount)
    base_amount: Decimal | None = Field(default=None, sa_type=Amount)
    method: PaymentMethod = Field(
        default=PaymentMethod.TRANSFER, sa_type=stored(PaymentMethod)
    )
    reference: str | None = Field(default=None, sa_type=Text(120))
    voided_at: datetime | None = Field(default=None, sa_type=Instant)
    void_reason: str | None = Field(default=None, sa_type=Text(200))
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    def prepare(self) -> None:
        _keep(self, self.FREE, N_("A payment stays; void it, and record it anew."))
        self.search_key = search_key(self.reference)
        self.base_amount = self.in_base(self.amount)
