"""Products, and what customers bought, line by line."""

from datetime import datetime
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
from crm.models.lines import PricedLine
from crm.models.money import InCurrency
from crm.models.search import search_key
from crm.models.types import Amount, Id, Instant, Text, stored
from crm.models.values import exact, storable


class ProductFields(Fields):
    """What a user fills in about a product."""

    sku: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    category: str | None = Field(default=None, max_length=100)
    price: Decimal | None = None
    tax_rate: Decimal | None = Field(default=None, ge=0, le=1)
    active: bool = True

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("sku")
    @classmethod
    def one_space(cls, sku: str) -> str:
        """White space in it is one space: nobody sees two."""
        return " ".join(sku.split())

    @field_validator("tax_rate")
    @classmethod
    def exact_rate(cls, rate: Decimal | None) -> Decimal | None:
        """At most four decimal places."""
        return None if rate is None else exact(rate)

    @field_validator("price")
    @classmethod
    def exact_price(cls, price: Decimal | None) -> Decimal | None:
        """At most four decimal places, not negative."""
        if price is not None and price < 0:
            raise ValueError("A price is not negative.")
        return None if price is None else exact(price)


class Product(Binned, table=True):
    """Something we sell, known by its SKU."""

    __tablename__ = "product"
    __label__: ClassVar = N_("Product")
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {"sku_key"}

    sku: str = Field(sa_type=Text(60))
    name: str = Field(sa_type=Text(200))
    category: str | None = Field(default=None, sa_type=Text(100), index=True)
    price: Decimal | None = Field(default=None, sa_type=Amount)
    tax_rate: Decimal | None = Field(default=None, sa_type=Amount)  # share, 0 to 1
    active: bool = Field(default=True)
    import_id: int | None = Field(
        default=None,
        foreign_key="import_run.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)
    sku_key: str | None = Field(default=None, sa_type=Text(60), unique=True)

    def prepare(self) -> None:
        self.sku_key = self.sku if self.deleted_at is None else None
        self.search_key = search_key(self.name, self.sku, self.category)


class OrderKind(StrEnum):
    """What an order is; all but sales have negative quantities."""

    SALE = "sale"
    RETURN = "return"  # goods came back
    CANCELLATION = "cancellation"  # takes (part of) an earlier order back
    ADJUSTMENT = "adjustment"  # stock corrected, no sale and no money


class OrderStatus(StrEnum):
    """Whether an order counts."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Order(InCurrency, Binned, table=True):
    """A binding purchase, or its return; the root of its lines.

    `total` is the sum of its lines, before tax.
    """

    __tablename__ = "sales_order"  # ORDER is a reserved word
    __label__: ClassVar = N_("Order")
    __table_args__ = (Index(None, "customer_id", "ordered_at"),)
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {"number_key", "base_total"}

    number: str = Field(sa_type=Text(60))
    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    kind: OrderKind = Field(default=OrderKind.SALE, sa_type=stored(OrderKind))
    status: OrderStatus = Field(
        default=OrderStatus.CONFIRMED, sa_type=stored(OrderStatus)
    )
    ordered_at: datetime = Field(sa_type=Instant, index=True)
    total: Decimal = Field(default=Decimal(0), sa_type=Amount)
    tax: Decimal = Field(
        default=Decimal(0), sa_type=Amount, sa_column_kwargs={"server_default": "0"}
    )
    base_total: Decimal | None = Field(default=None, sa_type=Amount)  # of `total`
    quote_id: int | None = Field(
        default=None,
        foreign_key="quote.id",
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
    import_id: int | None = Field(
        default=None,
        foreign_key="import_run.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)
    number_key: str | None = Field(default=None, sa_type=Text(60), unique=True)

    customer: Mapped[Customer] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    lines: Mapped[list["OrderLine"]] = Relationship(
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={"order_by": "OrderLine.position", "lazy": "raise"},
    )

    @property
    def total_with_tax(self) -> Decimal:
        return self.total + self.tax

    def prepare(self) -> None:
        self.number_key = self.number if self.deleted_at is None else None
        self.search_key = search_key(self.number)
        self.base_total = self.in_base(self.total)


class OrderLine(PricedLine, table=True):
    """A quantity of one product at the price agreed in that order."""

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    order_id: int = Field(
        default=None, foreign_key="sales_order.id", ondelete="CASCADE", sa_type=Id
    )


class OrderLineFields(Fields):
    """What is filled in about an order line."""

    product_id: int
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Field(default=Decimal(0), ge=0, le=1)
    tax_rate: Decimal = Field(default=Decimal(0), ge=0, le=1)
    description: str | None = Field(default=None, max_length=200)

    @field_validator("description", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("quantity", "unit_price", "discount", "tax_rate")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places."""
        return exact(amount)


class OrderChanges(Fields):
    """What may change about an order: not what was agreed with the customer."""

    status: OrderStatus


class OrderFields(Fields):
    """What is filled in about an order."""

    number: str = Field(min_length=1, max_length=60)
    customer_id: int
    kind: OrderKind = OrderKind.SALE
    status: OrderStatus = OrderStatus.CONFIRMED
    ordered_at: datetime
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    opportunity_id: int | None = None
    lines: list[OrderLineFields] = Field(min_length=1, max_length=1000)

    @field_validator("number", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters."""
        return storable(value)
