"""Named sets of customers, saved ways of looking at a list, and favourites."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Binned, Record, Row, utcnow
from crm.models.types import Id, Instant, Json, Text, stored


class SegmentKind(StrEnum):
    """Where the members of a segment come from."""

    STATIC = "static"
    LIVE = "live"  # whoever fits the rule now
    ANALYSIS = "analysis"  # whom an analysis put there


class Sharing(StrEnum):
    """Who sees a saved thing."""

    PRIVATE = "private"
    TEAM = "team"
    ALL = "all"


class Segment(Binned, table=True):
    """A named set of customers."""

    __tablename__ = "segment"
    __label__: ClassVar = N_("Segment")

    name: str = Field(max_length=120, sa_type=Text(120))
    description: str | None = Field(default=None, sa_type=Text(500))
    kind: SegmentKind = Field(sa_type=stored(SegmentKind))
    rule: dict[str, Any] | None = Field(default=None, sa_type=Json)
    analysis_id: int | None = Field(
        default=None, foreign_key="analysis.id", ondelete="SET NULL", sa_type=Id
    )
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )


class SegmentMember(Row, table=True):
    """A customer in a static segment, or in one from an analysis."""

    __tablename__ = "segment_member"
    __table_args__ = (
        UniqueConstraint("segment_id", "customer_id"),
        Index(None, "customer_id"),
    )

    segment_id: int = Field(foreign_key="segment.id", ondelete="CASCADE", sa_type=Id)
    customer_id: int = Field(foreign_key="customer.id", ondelete="CASCADE", sa_type=Id)


class SavedView(Record, table=True):
    """A way of looking at a list: filter, columns, sort."""

    __tablename__ = "saved_view"
    __label__: ClassVar = N_("View")

    entity: str = Field(sa_type=Text(40), index=True)
    name: str = Field(max_length=80, sa_type=Text(80))
    sharing: Sharing = Field(default=Sharing.PRIVATE, sa_type=stored(Sharing))
    team_id: int | None = Field(default=None, sa_type=Id)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="CASCADE",
        sa_type=Id,
        index=True,
    )
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Favourite(Row, table=True):
    """A record that a user keeps at hand, or has looked at lately."""

    __tablename__ = "favourite"
    __table_args__ = (UniqueConstraint("user_id", "entity", "record_id", "kind"),)

    user_id: int = Field(foreign_key="app_user.id", ondelete="CASCADE", sa_type=Id)
    entity: str = Field(sa_type=Text(40))
    record_id: int = Field(sa_type=Id)
    kind: str = Field(sa_type=Text(20))  # star or recent
    at: datetime = Field(default_factory=utcnow, sa_type=Instant)


class Draft(Row, table=True):
    """What a user has typed and not yet saved."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "form"),)

    user_id: int = Field(foreign_key="app_user.id", ondelete="CASCADE", sa_type=Id)
    form: str = Field(sa_type=Text(120))
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    at: datetime = Field(default_factory=utcnow, sa_type=Instant)
