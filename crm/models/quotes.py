"""Quotes: priced offers, valid until a date, in versions."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from crm.i18n import N_
from crm.models.base import Binned, Fields
from crm.models.customers import Customer
from crm.models.lines import LineFields, PricedLine
from crm.models.money import InCurrency
from crm.models.search import search_key
from crm.models.types import Amount, Id, Instant, LongText, Text, stored
from crm.models.values import storable


class QuoteStatus(StrEnum):
    """How far a quote is; that its last day has passed is told by `valid_until`."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"  # by a later version


class QuoteFields(Fields):
    """What a user fills in about a quote."""

    customer_id: int
    contact_id: int | None = None
    opportunity_id: int | None = None
    price_list_id: int | None = None
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    language: str = Field(default="en", max_length=10)
    issued_on: date | None = None
    valid_until: date | None = None
    owner_id: int | None = None
    intro: str | None = Field(default=None, max_length=5_000)
    terms: str | None = Field(default=None, max_length=5_000)
    lines: list[LineFields] = Field(min_length=1, max_length=1000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Quote(InCurrency, Binned, table=True):
    """One version of an offer to a customer; the root of its lines.

    Versions share `number` and differ by `revision`, from 1. `net` is the sum of the
    lines, `total` with tax.
    """

    __tablename__ = "quote"
    __label__: ClassVar = N_("Quote")
    __table_args__ = (
        UniqueConstraint("number", "revision"),
        Index(None, "customer_id", "issued_on"),
    )
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {"base_total"}

    number: str = Field(sa_type=Text(60))
    revision: int = Field(default=1)
    status: QuoteStatus = Field(default=QuoteStatus.DRAFT, sa_type=stored(QuoteStatus))
    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    contact_id: int | None = Field(
        default=None,
        foreign_key="contact.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    opportunity_id: int | None = Field(
        default=None,
        foreign_key="opportunity.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    price_list_id: int | None = Field(
        default=None,
        foreign_key="price_list.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    language: str = Field(default="en", sa_type=Text(10))
    issued_on: date
    valid_until: date | None = Field(default=None, index=True)
    intro: str | None = Field(default=None, sa_type=LongText)
    terms: str | None = Field(default=None, sa_type=LongText)
    net: Decimal = Field(default=Decimal(0), sa_type=Amount)
    tax: Decimal = Field(default=Decimal(0), sa_type=Amount)
    total: Decimal = Field(default=Decimal(0), sa_type=Amount)
    base_total: Decimal | None = Field(default=None, sa_type=Amount)  # of `net`
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: str | None = Field(default=None, sa_type=Text(200))
    answer_note: str | None = Field(default=None, sa_type=Text(500))
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    customer: Mapped[Customer] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    lines: Mapped[list["QuoteLine"]] = Relationship(
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"order_by": "QuoteLine.position", "lazy": "raise"},
    )

    def prepare(self) -> None:
        self.search_key = search_key(self.number)
        self.base_total = self.in_base(self.net)

    def has_lapsed(self, day: date) -> bool:
        """Whether its last day lies before `day`, and nobody has answered."""
        waits = self.status in (QuoteStatus.DRAFT, QuoteStatus.SENT)
        return waits and self.valid_until is not None and self.valid_until < day


class QuoteLine(PricedLine, table=True):
    """A quantity of one product as it is offered."""

    __tablename__ = "quote_line"
    __table_args__ = (UniqueConstraint("quote_id", "position"),)

    quote_id: int = Field(
        default=None, foreign_key="quote.id", ondelete="CASCADE", sa_type=Id
    )
