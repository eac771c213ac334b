"""Tickets: what a customer asks, says or complains of, until it is solved."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Fields, utcnow
from crm.models.search import search_key
from crm.models.types import Id, Instant, LongText, Text, stored
from crm.models.values import storable

ASKED_BY_US = "churn"
"""The `source` of tickets that we open to ask how things are: nobody has asked us."""


class TicketKind(StrEnum):
    """What is wanted of us."""

    INQUIRY = "inquiry"
    FEEDBACK = "feedback"
    PROBLEM = "problem"


class TicketStatus(StrEnum):
    """Whose turn it is."""

    NEW = "new"
    OPEN = "open"  # ours
    WAITING = "waiting"  # the customer's
    SOLVED = "solved"
    CLOSED = "closed"  # solved, and not to be opened again

    @property
    def is_over(self) -> bool:
        return self in (TicketStatus.SOLVED, TicketStatus.CLOSED)


class Priority(StrEnum):
    """How much it hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketFields(Fields):
    """What a user fills in about a ticket."""

    subject: str = Field(min_length=1, max_length=200)
    kind: TicketKind = TicketKind.INQUIRY
    status: TicketStatus = TicketStatus.NEW
    priority: Priority = Priority.NORMAL
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    source: str | None = Field(default=None, max_length=80)
    external_id: str | None = Field(default=None, max_length=80)
    description: str | None = Field(default=None, max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Ticket(Binned, table=True):
    """A request of a customer: inquiry, feedback or problem.

    `solved_at` is when it was last solved; opened again, it is None.
    """

    __tablename__ = "ticket"
    __label__: ClassVar = N_("Ticket")
    __table_args__ = (
        Index(None, "status", "opened_at"),
        Index(None, "customer_id", "opened_at"),
    )

    subject: str = Field(sa_type=Text(200))
    kind: TicketKind = Field(default=TicketKind.INQUIRY, sa_type=stored(TicketKind))
    status: TicketStatus = Field(default=TicketStatus.NEW, sa_type=stored(TicketStatus))
    priority: Priority = Field(default=Priority.NORMAL, sa_type=stored(Priority))
    description: str | None = Field(default=None, sa_type=LongText)
    source: str | None = Field(default=None, sa_type=Text(80))
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
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    external_id: str | None = Field(default=None, sa_type=Text(80), index=True)
    opened_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    solved_at: datetime | None = Field(default=None, sa_type=Instant)
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)

    def prepare(self) -> None:
        """Keep the search key in step."""
        self.search_key = search_key(self.subject)

    def move(self, status: TicketStatus, *, at: datetime) -> None:
        """Set the status; remember when it was solved."""
        if status.is_over and not self.status.is_over:
            self.solved_at = at
        elif not status.is_over:
            self.solved_at = None
        self.status = status
