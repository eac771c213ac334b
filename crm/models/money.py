"""Money in several currencies: dated rates, and what documents keep of them."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from crm.i18n import N_
from crm.models.base import Fields, Record
from crm.models.types import Rate, Text
from crm.models.values import storable

PLACES = Decimal("0.0001")


class InCurrency(SQLModel):
    """What every document keeps: its currency, and the rate of one day.

    `rate` is how much of the book currency one unit is worth, `rate_on` the day for
    which it was quoted; both are None while no rate is known.
    """

    currency: str = Field(sa_type=Text(3))
    rate: Decimal | None = Field(default=None, sa_type=Rate)
    rate_on: date | None = Field(default=None)

    def in_base(self, amount: Decimal | None) -> Decimal | None:
        """`amount` in the book currency, four places; None without a rate."""
        if amount is None or self.rate is None:
            return None
        return (amount * self.rate).quantize(PLACES, rounding=ROUND_HALF_EVEN)


class ExchangeRateFields(Fields):
    """What a user fills in about a rate."""

    currency: str = Field(min_length=3, max_length=3)
    rate_on: date
    rate: Decimal = Field(gt=0)
    source: str | None = Field(default=None, max_length=80)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class ExchangeRate(Record, table=True):
    """What one unit of a currency is worth in the book currency, from a day on."""

    __tablename__ = "exchange_rate"
    __label__: ClassVar = N_("Exchange rate")
    __table_args__ = (UniqueConstraint("currency", "rate_on"),)

    currency: str = Field(sa_type=Text(3))
    rate_on: date
    rate: Decimal = Field(sa_type=Rate)
    source: str | None = Field(default=None, sa_type=Text(80))
