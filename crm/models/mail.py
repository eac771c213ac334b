"""Mail that goes out: written down first, sent by the worker, once."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Record
from crm.models.types import Bytes, Id, Instant, LongText, Text, Told, stored


class MailState(StrEnum):
    """How far a mail is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Record, table=True):
    """One mail to one address, with at most one file."""

    __tablename__ = "outgoing_mail"
    __label__: ClassVar = N_("Mail")
    __table_args__ = (Index(None, "state", "created_at"),)
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"attachment"}

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
    quote_id: int | None = Field(
        default=None,
        foreign_key="quote.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    invoice_id: int | None = Field(
        default=None,
        foreign_key="invoice.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    by_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
    to_address: str = Field(sa_type=Text(254))
    reply_to: str | None = Field(default=None, sa_type=Text(254))
    subject: str = Field(sa_type=Text(200))
    body: str = Field(sa_type=LongText)
    attachment_name: str | None = Field(default=None, sa_type=Text(120))
    attachment: bytes | None = Field(default=None, sa_type=Bytes)
    message_id: str = Field(sa_type=Text(200), unique=True)
    state: MailState = Field(default=MailState.QUEUED, sa_type=stored(MailState))
    attempts: int = 0
    error: str | None = Field(default=None, sa_type=Told(500))
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
