"""Campaigns: a marketing effort, whom it reaches, and whom it leaves out on purpose."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Fields, Record
from crm.models.search import search_key
from crm.models.types import Amount, Id, Instant, LongText, Text, stored
from crm.models.values import exact, storable


class CampaignKind(StrEnum):
    """By which way a campaign reaches people."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    EVENT = "event"
    ADVERTISING = "advertising"
    OTHER = "other"


class CampaignStatus(StrEnum):
    """How far a campaign has come."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class CampaignFields(Fields):
    """What a user fills in about a campaign.

    `hold_out` is the share (0 to 0.5) of those chosen who are left out by lot, so that
    the effect can be measured; `budget` and `cost` are in the book currency.
    """

    name: str = Field(min_length=1, max_length=200)
    kind: CampaignKind = CampaignKind.EMAIL
    status: CampaignStatus = CampaignStatus.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    budget: Decimal | None = Field(default=None, ge=0)
    cost: Decimal | None = Field(default=None, ge=0)
    hold_out: float = Field(default=0.1, ge=0, le=0.5)
    segment_id: int | None = None
    owner_id: int | None = None
    external_id: str | None = Field(default=None, max_length=80)
    description: str | None = Field(default=None, max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("budget", "cost")
    @classmethod
    def exact_amount(cls, amount: Decimal | None) -> Decimal | None:
        """At most four decimal places."""
        return None if amount is None else exact(amount)


class Campaign(Binned, table=True):
    """A marketing effort with a beginning, a cost and recipients."""

    __tablename__ = "campaign"
    __label__: ClassVar = N_("Campaign")
    __table_args__ = (Index(None, "status", "starts_on"),)

    name: str = Field(sa_type=Text(200))
    kind: CampaignKind = Field(default=CampaignKind.EMAIL, sa_type=stored(CampaignKind))
    status: CampaignStatus = Field(
        default=CampaignStatus.PLANNED, sa_type=stored(CampaignStatus)
    )
    starts_on: date | None = None
    ends_on: date | None = None
    budget: Decimal | None = Field(default=None, sa_type=Amount)
    cost: Decimal | None = Field(default=None, sa_type=Amount)
    hold_out: float = Field(default=0.1)
    segment_id: int | None = Field(
        default=None,
        foreign_key="segment.id",
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
    external_id: str | None = Field(default=None, sa_type=Text(80), index=True)
    description: str | None = Field(default=None, sa_type=LongText)
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    def prepare(self) -> None:
        """Keep the search key in step."""
        self.search_key = search_key(self.name)


class Recipient(Record, table=True):
    """A customer in a campaign: reached, or held out by lot.

    `reached_at` is when the campaign got to them, `responded_at` when they answered.
    """

    __tablename__ = "recipient"
    __label__: ClassVar = N_("Recipient")
    __table_args__ = (
        UniqueConstraint("campaign_id", "customer_id"),
        Index(None, "customer_id"),
    )

    campaign_id: int = Field(foreign_key="campaign.id", ondelete="CASCADE", sa_type=Id)
    customer_id: int = Field(foreign_key="customer.id", ondelete="CASCADE", sa_type=Id)
    held_out: bool = Field(default=False)
    reached_at: datetime | None = Field(default=None, sa_type=Instant)
    responded_at: datetime | None = Field(default=None, sa_type=Instant)

    def prepare(self) -> None:
        """Who has responded was reached, at that moment at the latest."""
        if self.responded_at is not None and self.reached_at is None:
            self.reached_at = self.responded_at
