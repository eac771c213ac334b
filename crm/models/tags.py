"""Tags: coloured words on records."""

from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Record
from crm.models.types import Id, Text


class Tag(Record, table=True):
    """A coloured word that can be put on any record."""

    __tablename__ = "tag"
    __label__: ClassVar = N_("Tag")

    name: str = Field(max_length=60, sa_type=Text(60), unique=True)
    color: str = Field(default="gray", sa_type=Text(20))


class Tagging(Record, table=True):
    """A tag on a record."""

    __tablename__ = "tagging"
    __label__: ClassVar = N_("Tag")
    __table_args__ = (
        UniqueConstraint("entity", "record_id", "tag_id"),
        Index(None, "tag_id", "entity", "record_id"),
    )

    tag_id: int = Field(foreign_key="tag.id", ondelete="CASCADE", sa_type=Id)
    entity: str = Field(sa_type=Text(40))
    record_id: int = Field(sa_type=Id)
