"""Leads: unqualified interest, until it is converted or disqualified."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Fields
from crm.models.search import search_key
from crm.models.types import Amount, Id, Instant, LongText, Text, stored
from crm.models.values import storable


class LeadStatus(StrEnum):
    """How far somebody is with a lead."""

    NEW = "new"
    WORKING = "working"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"


class Unfit(StrEnum):
    """Why a lead was disqualified."""

    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    NO_ANSWER = "no_answer"
    WRONG_DATA = "wrong_data"
    DUPLICATE = "duplicate"
    OTHER = "other"


class LeadFields(Fields):
    """What a user fills in about a lead.

    `customer_id` is the customer it belongs to already, or was converted to; setting
    `status` to converted converts it, to that customer or to a new one.
    """

    name: str = Field(min_length=1, max_length=200)
    company: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    source: str | None = Field(default=None, max_length=80)
    status: LeadStatus = LeadStatus.NEW
    unfit_reason: Unfit | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    external_id: str | None = Field(default=None, max_length=80)
    notes: str | None = Field(default=None, max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Lead(Binned, table=True):
    """Somebody who may buy one day, and of whom little is known."""

    __tablename__ = "lead"
    __label__: ClassVar = N_("Lead")
    __table_args__ = (Index(None, "status", "created_at"),)
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {"score", "external_key"}

    name: str = Field(sa_type=Text(200))  # of the person
    company: str | None = Field(default=None, sa_type=Text(200))
    email: str | None = Field(default=None, sa_type=Text(254))
    phone: str | None = Field(default=None, sa_type=Text(40))
    source: str | None = Field(default=None, sa_type=Text(80))
    status: LeadStatus = Field(default=LeadStatus.NEW, sa_type=stored(LeadStatus))
    unfit_reason: Unfit | None = Field(
        default=None, sa_type=stored(Unfit), nullable=True
    )
    notes: str | None = Field(default=None, sa_type=LongText)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    customer_id: int | None = Field(
        default=None,
        foreign_key="customer.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
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
    converted_at: datetime | None = Field(default=None, sa_type=Instant)
    score: Decimal | None = Field(default=None, sa_type=Amount)  # chance, 0 to 1
    web_form_id: int | None = Field(
        default=None,
        foreign_key="web_form.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
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

    def prepare(self) -> None:
        self.search_key = search_key(self.name, self.company, self.email, self.phone)
        self.external_key = self.external_id if self.deleted_at is None else None
