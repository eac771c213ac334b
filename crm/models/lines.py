"""Lines of documents: a quantity of one product at a price, less a discount."""

from decimal import Decimal
from typing import Any

from pydantic import field_validator
from sqlmodel import Field

from crm.models.base import Fields, Row
from crm.models.types import Amount, Id, Text
from crm.models.values import exact, storable


class PricedLine(Row):
    """What the lines of opportunities, quotes, orders and invoices have in common.

    `discount` and `tax_rate` are shares, 0 to 1. `amount` is quantity × unit price
    less the discount, before tax, rounded when it is written: SQL then only adds.
    """

    position: int
    product_id: int = Field(
        foreign_key="product.id", ondelete="RESTRICT", sa_type=Id, index=True
    )
    description: str | None = Field(default=None, sa_type=Text(200))
    quantity: Decimal = Field(sa_type=Amount)
    unit_price: Decimal = Field(sa_type=Amount)
    discount: Decimal = Field(
        default=Decimal(0), sa_type=Amount, sa_column_kwargs={"server_default": "0"}
    )
    tax_rate: Decimal = Field(
        default=Decimal(0), sa_type=Amount, sa_column_kwargs={"server_default": "0"}
    )
    amount: Decimal = Field(sa_type=Amount)


class LineFields(Fields):
    """What is filled in about a line; without a price or tax the product's count."""

    product_id: int
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    discount: Decimal = Field(default=Decimal(0), ge=0, le=1)
    tax_rate: Decimal | None = Field(default=None, ge=0, le=1)
    description: str | None = Field(default=None, max_length=200)

    @field_validator("description", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("quantity", "unit_price", "discount", "tax_rate")
    @classmethod
    def exact_amount(cls, amount: Decimal | None) -> Decimal | None:
        """At most four decimal places."""
        return None if amount is None else exact(amount)
