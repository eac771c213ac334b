"""What is to be sold, and what a manager says will be."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import field_validator
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Fields, Record
from crm.models.types import Amount, Id, Text, stored
from crm.models.values import exact


class Period(StrEnum):
    """How long a target or a forecast is for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class ForecastCategory(StrEnum):
    """How surely an opportunity is counted on; each includes the ones before it."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"  # counts in none


class TargetFields(Fields):
    """What a manager fills in: for a user, for a team, or for everyone (neither)."""

    owner_id: int | None = None
    team_id: int | None = None
    period: Period = Period.QUARTER
    starts_on: date
    amount: Decimal = Field(ge=0)

    @field_validator("amount")
    @classmethod
    def exact_amount(cls, amount: Decimal) -> Decimal:
        """At most four decimal places."""
        return exact(amount)


class Target(Record, table=True):
    """What is to be won in a period, in the book currency."""

    __tablename__ = "target"
    __label__: ClassVar = N_("Target")
    __table_args__ = (UniqueConstraint("starts_on", "period", "whose"),)
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"whose"}

    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="CASCADE",
        sa_type=Id,
        index=True,
    )
    team_id: int | None = Field(
        default=None, foreign_key="team.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    period: Period = Field(sa_type=stored(Period))
    starts_on: date
    amount: Decimal = Field(sa_type=Amount)
    whose: str = Field(default="all", sa_type=Text(30))

    def prepare(self) -> None:
        """Name in one word whom it is for: a unique key takes NULLs for different."""
        if self.owner_id is not None:
            self.whose = f"user {self.owner_id}"
        else:
            self.whose = "all" if self.team_id is None else f"team {self.team_id}"


class ForecastOverride(Record, table=True):
    """What a manager expects in place of the sum, from a moment on; never edited.

    The latest of a period, category and owner counts; without an amount the sum counts
    again.
    """

    __tablename__ = "forecast_override"
    __label__: ClassVar = N_("Forecast override")
    __table_args__ = (Index(None, "starts_on", "period"),)

    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="CASCADE",
        sa_type=Id,
        index=True,
    )
    team_id: int | None = Field(
        default=None, foreign_key="team.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    period: Period = Field(sa_type=stored(Period))
    starts_on: date
    category: ForecastCategory = Field(sa_type=stored(ForecastCategory))
    amount: Decimal | None = Field(default=None, sa_type=Amount)
    note: str | None = Field(default=None, sa_type=Text(500))
    by_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
