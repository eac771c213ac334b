"""Users, teams, and how somebody proves who they are."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Fields, Record, Row, utcnow
from crm.models.rights import Reach, Role
from crm.models.types import Id, Instant, Json, Text, stored
from crm.models.values import folded


class Team(Record, table=True):
    """A group of users who may share their rows."""

    __tablename__ = "team"
    __label__: ClassVar = N_("Team")

    name: str = Field(max_length=80, sa_type=Text(80), unique=True)


class UserFields(Fields):
    """What an administrator fills in about a user."""

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=120)
    role: Role = Role.SALES
    reach: Reach = Reach.ALL
    team_id: int | None = None
    language: str = Field(default="", max_length=10)


class User(Record, table=True):
    """Somebody who signs in."""

    __tablename__ = "app_user"
    __label__: ClassVar = N_("User")
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"password_hash"}

    email: str = Field(sa_type=Text(254), unique=True)  # folded
    name: str = Field(sa_type=Text(120))
    role: Role = Field(sa_type=stored(Role))
    reach: Reach = Field(default=Reach.ALL, sa_type=stored(Reach))
    team_id: int | None = Field(
        default=None,
        foreign_key="team.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    language: str | None = Field(default=None, sa_type=Text(10))
    password_hash: str | None = Field(default=None, sa_type=Text(255))
    active: bool = Field(default=True)

    def prepare(self) -> None:
        self.email = folded(self.email)


class UserSession(Row, table=True):
    """One signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "user_session"

    token_hash: str = Field(sa_type=Text(64), unique=True)
    user_id: int = Field(
        foreign_key="app_user.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    seen_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    address: str | None = Field(default=None, sa_type=Text(64))
    browser: str | None = Field(default=None, sa_type=Text(255))


class Invitation(Row, table=True):
    """A link by which a user sets a password, once. Only the hash is kept."""

    __tablename__ = "invitation"

    token_hash: str = Field(sa_type=Text(64), unique=True)
    user_id: int = Field(
        foreign_key="app_user.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class ApiToken(Record, table=True):
    """A key to the API for one user; shown once, kept as a hash."""

    __tablename__ = "api_token"
    __label__: ClassVar = N_("API token")
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"token_hash", "used_at"}

    user_id: int = Field(
        foreign_key="app_user.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    name: str = Field(max_length=80, sa_type=Text(80))
    hint: str = Field(sa_type=Text(16))  # the first characters, to tell keys apart
    token_hash: str = Field(sa_type=Text(64), unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Throttle(Row, table=True):
    """Failed sign-ins of one account or from one address, lately."""

    __tablename__ = "throttle"

    key: str = Field(sa_type=Text(300), unique=True)
    failures: int = Field(default=0)
    last_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    blocked_until: datetime | None = Field(default=None, sa_type=Instant)


class HiddenField(Record, table=True):
    """A field that a role may neither read nor write, whichever door it takes."""

    __tablename__ = "hidden_field"
    __label__: ClassVar = N_("Hidden field")
    __table_args__ = (UniqueConstraint("role", "entity", "field"),)

    role: Role = Field(sa_type=stored(Role))
    entity: str = Field(sa_type=Text(40))
    field: str = Field(sa_type=Text(60))


class Setting(Record, table=True):
    """One thing that an administrator has set for everyone."""

    __tablename__ = "setting"
    __label__: ClassVar = N_("Setting")

    name: str = Field(sa_type=Text(80), unique=True)
    content: Any = Field(default=None, sa_type=Json, nullable=True)
