"""Price lists: what products cost, for whom and when."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Fields, Record
from crm.models.search import search_key
from crm.models.types import Amount, Id, Text
from crm.models.values import exact, storable


class PriceListFields(Fields):
    """What a user fills in about a price list."""

    name: str = Field(min_length=1, max_length=120)
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = True

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class PriceList(Binned, table=True):
    """Prices in one currency, between two days where they are given."""

    __tablename__ = "price_list"
    __label__: ClassVar = N_("Price list")

    name: str = Field(sa_type=Text(120))
    currency: str = Field(sa_type=Text(3))
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = Field(default=True)
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    def prepare(self) -> None:
        self.search_key = search_key(self.name, self.currency)

    def holds_on(self, day: date) -> bool:
        """Whether its prices hold on `day`."""
        after = self.valid_from is None or self.valid_from <= day
        return self.active and after and (self.valid_until or day) >= day


class ListPriceFields(Fields):
    """What a user fills in about one price."""

    product_id: int
    price: Decimal = Field(ge=0)
    min_quantity: Decimal = Field(default=Decimal(1), gt=0)

    @field_validator("price", "min_quantity")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places."""
        return exact(amount)


class ListPrice(Record, table=True):
    """What one product costs in a price list, from a quantity on."""

    __tablename__ = "list_price"
    __label__: ClassVar = N_("List price")
    __table_args__ = (UniqueConstraint("price_list_id", "product_id", "min_quantity"),)

    price_list_id: int = Field(
        foreign_key="price_list.id", ondelete="CASCADE", sa_type=Id
    )
    product_id: int = Field(
        foreign_key="product.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    min_quantity: Decimal = Field(default=Decimal(1), sa_type=Amount)
    price: Decimal = Field(sa_type=Amount)
