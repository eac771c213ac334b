"""Opportunities: possible sales, and their way through a pipeline."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from crm.i18n import N_
from crm.models.base import Binned, Fields, Record, utcnow
from crm.models.customers import Customer
from crm.models.lines import PricedLine
from crm.models.money import InCurrency
from crm.models.pipelines import StageKind
from crm.models.search import search_key
from crm.models.targets import ForecastCategory
from crm.models.types import Amount, Id, Instant, LongText, Text, stored
from crm.models.values import exact, storable, usual_year


class LostReason(StrEnum):
    """Why a customer did not buy."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    NO_ANSWER = "no_answer"
    TIMING = "timing"
    OTHER = "other"


class WonReason(StrEnum):
    """Why a customer bought from us."""

    PRICE = "price"
    PRODUCT = "product"
    SERVICE = "service"
    RELATIONSHIP = "relationship"
    SPEED = "speed"
    OTHER = "other"


class OpportunityFields(Fields):
    """What a user fills in about an opportunity.

    Without `stage_id` it begins in the first stage of the first pipeline. The two
    reasons are for what is won or lost.
    """

    customer_id: int
    name: str = Field(min_length=1, max_length=200)
    stage_id: int | None = None
    amount: Decimal | None = None
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    close_on: date | None = None
    owner_id: int | None = None
    source: str | None = Field(default=None, max_length=80)
    competitor: str | None = Field(default=None, max_length=120)
    forecast_category: ForecastCategory | None = None
    external_id: str | None = Field(default=None, max_length=80)
    won_reason: WonReason | None = None
    lost_reason: LostReason | None = None
    close_note: str | None = Field(default=None, max_length=500)
    notes: str | None = Field(default=None, max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("amount")
    @classmethod
    def exact_amount(cls, amount: Decimal | None) -> Decimal | None:
        """At most four decimal places, not negative."""
        if amount is not None and amount < 0:
            raise ValueError("An amount is not negative.")
        return None if amount is None else exact(amount)

    @field_validator("close_on")
    @classmethod
    def with_usual_year(cls, day: date | None) -> date | None:
        """A year that every database and spreadsheet holds."""
        return usual_year(day)


class Opportunity(InCurrency, Binned, table=True):
    """A possible sale to one customer; it ends won or lost.

    `pipeline_id` and `state` repeat what its stage says, for lists and sums.
    `win_chance` (0 to 1) is the latest of the model, None where it has none.
    """

    __tablename__ = "opportunity"
    __label__: ClassVar = N_("Opportunity")
    __table_args__ = (
        Index(None, "customer_id", "created_at"),
        Index(None, "stage_id", "close_on"),
        Index(None, "pipeline_id", "state", "closed_at"),
    )
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {
        "base_amount",
        "win_chance",
        "external_key",
    }

    customer_id: int = Field(foreign_key="customer.id", ondelete="RESTRICT", sa_type=Id)
    name: str = Field(sa_type=Text(200))
    pipeline_id: int = Field(foreign_key="pipeline.id", ondelete="RESTRICT", sa_type=Id)
    stage_id: int = Field(foreign_key="stage.id", ondelete="RESTRICT", sa_type=Id)
    state: StageKind = Field(default=StageKind.OPEN, sa_type=stored(StageKind))
    stage_since: datetime = Field(default_factory=utcnow, sa_type=Instant)
    amount: Decimal | None = Field(default=None, sa_type=Amount)
    base_amount: Decimal | None = Field(default=None, sa_type=Amount)
    forecast_category: ForecastCategory | None = Field(
        default=None, sa_type=stored(ForecastCategory), nullable=True
    )
    win_chance: Decimal | None = Field(default=None, sa_type=Amount)
    close_on: date | None = Field(default=None, index=True)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    source: str | None = Field(default=None, sa_type=Text(80))
    competitor: str | None = Field(default=None, sa_type=Text(120))
    won_reason: WonReason | None = Field(
        default=None, sa_type=stored(WonReason), nullable=True
    )
    lost_reason: LostReason | None = Field(
        default=None, sa_type=stored(LostReason), nullable=True
    )
    close_note: str | None = Field(default=None, sa_type=Text(500))
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    notes: str | None = Field(default=None, sa_type=LongText)
    external_id: str | None = Field(default=None, sa_type=Text(80))
    external_key: str | None = Field(default=None, sa_type=Text(80), unique=True)
    import_id: int | None = Field(
        default=None,
        foreign_key="import_run.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    customer: Mapped[Customer] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    lines: Mapped[list["OpportunityLine"]] = Relationship(
        cascade_delete=True,
        passive_deletes=True,
        sa_relationship_kwargs={
            "order_by": "OpportunityLine.position",
            "lazy": "raise",
        },
    )

    def prepare(self) -> None:
        self.search_key = search_key(self.name, self.competitor, self.external_id)
        self.external_key = self.external_id if self.deleted_at is None else None
        self.base_amount = self.in_base(self.amount)


class OpportunityLine(PricedLine, table=True):
    """A quantity of one product that the customer may buy."""

    __tablename__ = "opportunity_line"
    __table_args__ = (UniqueConstraint("opportunity_id", "position"),)

    opportunity_id: int = Field(
        default=None, foreign_key="opportunity.id", ondelete="CASCADE", sa_type=Id
    )


class Estimate(Record, table=True):
    """What was expected of an opportunity from a moment on; one row per restatement.

    With the stage changes it tells how things stood on any day of the past.
    """

    __tablename__ = "estimate"
    __label__: ClassVar = N_("Estimate")
    __table_args__ = (Index(None, "opportunity_id", "at"),)

    opportunity_id: int = Field(
        foreign_key="opportunity.id", ondelete="CASCADE", sa_type=Id
    )
    at: datetime = Field(sa_type=Instant)
    base_amount: Decimal | None = Field(default=None, sa_type=Amount)
    close_on: date | None = None


class StageChange(Record, table=True):
    """One move of an opportunity; the first, when it was opened, comes from nowhere."""

    __tablename__ = "stage_change"
    __label__: ClassVar = N_("Stage change")
    __table_args__ = (Index(None, "opportunity_id", "at"),)

    opportunity_id: int = Field(
        foreign_key="opportunity.id", ondelete="CASCADE", sa_type=Id
    )
    from_stage_id: int | None = Field(
        default=None,
        foreign_key="stage.id",
        ondelete="RESTRICT",
        sa_type=Id,
        index=True,
    )
    to_stage_id: int = Field(
        foreign_key="stage.id", ondelete="RESTRICT", sa_type=Id, index=True
    )
    at: datetime = Field(sa_type=Instant)
    by_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
