"""Custom fields: what an administrator adds to a kind of record, and its values."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Record
from crm.models.types import Amount, Id, Json, Text, stored


class CustomKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    LINK = "link"


class CustomField(Binned, table=True):
    """A field that an administrator has added to a kind of record."""

    __tablename__ = "custom_field"
    __label__: ClassVar = N_("Custom field")
    __table_args__ = (UniqueConstraint("entity", "name"),)

    entity: str = Field(sa_type=Text(40))
    name: str = Field(sa_type=Text(40))  # in URLs, files and the API
    label: str = Field(max_length=80, sa_type=Text(80))
    kind: CustomKind = Field(sa_type=stored(CustomKind))
    choices: list[str] = Field(default_factory=list, sa_type=Json)
    position: int = Field(default=0)


class CustomValue(Record, table=True):
    """What one record holds in one custom field.

    One column per way of comparing; a field of several choices has a row for each.
    """

    __tablename__ = "custom_value"
    __label__: ClassVar = N_("Custom field")
    __table_args__ = (
        UniqueConstraint("field_id", "record_id", "position"),
        Index(None, "field_id", "text"),
        Index(None, "field_id", "number"),
        Index(None, "field_id", "day"),
    )

    field_id: int = Field(foreign_key="custom_field.id", ondelete="CASCADE", sa_type=Id)
    record_id: int = Field(sa_type=Id, index=True)
    position: int = Field(default=0)
    text: str | None = Field(default=None, sa_type=Text(500))
    number: Decimal | None = Field(default=None, sa_type=Amount)
    day: date | None = Field(default=None)
