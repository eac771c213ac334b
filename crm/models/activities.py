"""Activities: notes, tasks, calls, meetings and mails around a customer."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Fields, utcnow
from crm.models.types import Id, Instant, LongText, Text, stored
from crm.models.values import storable


class ActivityKind(StrEnum):
    """What was done, or is to be done."""

    NOTE = "note"
    TASK = "task"
    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"

    @property
    def can_be_due(self) -> bool:
        return self in (ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING)


class ActivityFields(Fields):
    """What a user fills in about an activity."""

    kind: ActivityKind = ActivityKind.NOTE
    subject: str = Field(min_length=1, max_length=200)
    body: str | None = Field(default=None, max_length=20_000)
    customer_id: int | None = None
    contact_id: int | None = None
    opportunity_id: int | None = None
    ticket_id: int | None = None
    owner_id: int | None = None
    due_at: datetime | None = None

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Activity(Binned, table=True):
    """One note, task, call, meeting or mail."""

    __tablename__ = "activity"
    __label__: ClassVar = N_("Activity")
    __table_args__ = (
        Index(None, "customer_id", "at"),
        Index(None, "owner_id", "due_at"),
    )

    kind: ActivityKind = Field(sa_type=stored(ActivityKind))
    subject: str = Field(sa_type=Text(200))
    body: str | None = Field(default=None, sa_type=LongText)
    customer_id: int | None = Field(
        default=None, foreign_key="customer.id", ondelete="CASCADE", sa_type=Id
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
    ticket_id: int | None = Field(
        default=None,
        foreign_key="ticket.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    owner_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
    at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)

    def is_overdue(self, *, at: datetime) -> bool:
        """Whether it should have been done by `at`."""
        return self.done_at is None and self.due_at is not None and self.due_at < at
