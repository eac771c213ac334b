"""Subscriptions: recurring agreements with start, term, price and end."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from crm.i18n import N_
from crm.models.base import Binned, Fields
from crm.models.customers import Customer
from crm.models.money import InCurrency
from crm.models.search import search_key
from crm.models.terms import BillingPeriod, CancelReason, Price, next_term
from crm.models.types import Amount, Id, Json, Text, stored
from crm.models.values import exact, storable, usual_year

DAY = timedelta(days=1)


class SubscriptionState(StrEnum):
    """Where a subscription stands on a day."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    CANCELLED = "cancelled"  # and runs until its end
    ENDED = "ended"


class SubscriptionFields(Fields):
    """What a user fills in about a subscription.

    `price` is for one `billing_period` and one of the `quantity`; the three hold since
    `price_from`, the start unless told. `ends_on`, the last day, is filled in where it
    is cancelled, and follows from the term elsewhere.
    """

    number: str = Field(min_length=1, max_length=60)
    name: str | None = Field(default=None, max_length=200)
    customer_id: int
    product_id: int | None = None
    starts_on: date
    term_months: int | None = Field(default=None, ge=1, le=1200)  # None: open-ended
    auto_renew: bool = True
    remind_days: int = Field(default=30, ge=0, le=366)
    price: Decimal
    quantity: Decimal = Decimal(1)
    billing_period: BillingPeriod = BillingPeriod.MONTHLY
    price_from: date | None = None
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    cancelled_on: date | None = None
    cancel_reason: CancelReason | None = None
    cancel_note: str | None = Field(default=None, max_length=500)
    ends_on: date | None = None

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("price", "quantity")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places, not negative."""
        if amount < 0:
            raise ValueError("An amount is not negative.")
        return exact(amount)

    @field_validator("starts_on", "price_from", "cancelled_on", "ends_on")
    @classmethod
    def with_usual_year(cls, day: date | None) -> date | None:
        """A year that every database and spreadsheet holds."""
        return usual_year(day)


class Subscription(InCurrency, Binned, table=True):
    """A recurring agreement with one customer; the root of its prices.

    `prices` has every price that was ever agreed, oldest first, as `Price.plain`:
    they stand in the row, so that the change log, undo and the version see them as one
    with it. `price`, `quantity`, `billing_period`, `price_from` and `monthly` repeat
    the last of them for lists. `renewal_on` is the first day of the next term.
    """

    __tablename__ = "subscription"
    __label__: ClassVar = N_("Subscription")
    __table_args__ = (Index(None, "customer_id", "starts_on"),)
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {
        "number_key", "monthly", "reminded_for",
    }  # fmt: skip

    number: str = Field(sa_type=Text(60))
    name: str | None = Field(default=None, sa_type=Text(200))
    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    product_id: int | None = Field(
        default=None,
        foreign_key="product.id",
        ondelete="RESTRICT",
        sa_type=Id,
        index=True,
    )
    starts_on: date = Field(index=True)
    term_months: int | None = None
    auto_renew: bool = True
    remind_days: int = 30
    renewal_on: date | None = Field(default=None, index=True)
    reminded_for: date | None = None  # the renewal that a task was made for
    prices: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)
    price: Decimal = Field(default=Decimal(0), sa_type=Amount)
    quantity: Decimal = Field(default=Decimal(1), sa_type=Amount)
    billing_period: BillingPeriod = Field(
        default=BillingPeriod.MONTHLY, sa_type=stored(BillingPeriod)
    )
    price_from: date | None = None
    monthly: Decimal = Field(default=Decimal(0), sa_type=Amount)
    cancelled_on: date | None = None
    cancel_reason: CancelReason | None = Field(
        default=None, sa_type=stored(CancelReason), nullable=True
    )
    cancel_note: str | None = Field(default=None, sa_type=Text(500))
    ends_on: date | None = Field(default=None, index=True)  # the last day
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)
    number_key: str | None = Field(default=None, sa_type=Text(60), unique=True)

    customer: Mapped[Customer] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    def prepare(self) -> None:
        self.number_key = self.number if self.deleted_at is None else None
        self.search_key = search_key(self.number, self.name)
        last = self.price_list[-1]
        self.price, self.quantity = last.price, last.quantity
        self.billing_period, self.price_from = last.period, last.from_on
        self.monthly = last.monthly
        if self.cancelled_on is None:
            self.ends_on = None if self.goes_on else self.term_end

    @property
    def price_list(self) -> list[Price]:
        """All prices ever agreed, oldest first."""
        return [Price.read(kept) for kept in self.prices]

    @property
    def goes_on(self) -> bool:
        """Whether it runs until somebody cancels it."""
        return self.term_months is None or self.auto_renew

    @property
    def term_end(self) -> date | None:
        """The last day of the term that runs; None where it is open-ended."""
        return None if self.renewal_on is None else self.renewal_on - DAY

    def price_on(self, on: date) -> Price:
        """The price of a day: the last one from that day or before, else the first."""
        known = self.price_list
        past = [price for price in known if price.from_on <= on]
        return past[-1] if past else known[0]

    def monthly_amount(self, on: date) -> Decimal:
        """What it brings by the month on a day, in its currency; 0 off its time."""
        return self.price_on(on).monthly if self.is_active(on) else Decimal(0)

    def is_active(self, on: date) -> bool:
        """Whether it runs on a day, cancelled or not."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def state(self, on: date) -> SubscriptionState:
        """Where it stands on a day."""
        if self.ends_on is not None and self.ends_on < on:
            return SubscriptionState.ENDED
        if self.cancelled_on is not None and self.cancelled_on <= on:
            return SubscriptionState.CANCELLED
        upcoming = on < self.starts_on
        return SubscriptionState.UPCOMING if upcoming else SubscriptionState.ACTIVE

    def renews_on(self, on: date) -> date | None:
        """The first day of the next term after `on`, if there is one to come."""
        if self.cancelled_on is not None or self.term_months is None:
            return None
        if not self.auto_renew:
            return self.renewal_on
        return next_term(self.starts_on, self.term_months, after=on)
