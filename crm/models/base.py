"""What all tables share: the clock, ids, versions, and how a row is named."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import ConfigDict
from sqlalchemy import Table, event
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel

from crm.models.types import Id, Instant

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def utcnow() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


class Fields(SQLModel):
    """What a user fills in; unknown keys are refused, white space is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)  # type: ignore[assignment]  # SQLModel narrows the type


class Row(SQLModel):
    """A table row with an id."""

    id: int = Field(default=None, primary_key=True, sa_type=Id)


class Record(Row):
    """A row that people change: versioned, and each change is logged.

    `version` grows by one with every update; an update that meets another one
    raises, and nothing is lost. The change log leaves `UNLOGGED` fields out.
    """

    UNLOGGED: ClassVar[frozenset[str]] = frozenset(
        {"id", "version", "created_at", "updated_at", "search_key"}
    )

    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    updated_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    version: int = Field(default=1)

    def prepare(self) -> None:
        """Set what follows from other fields; called before every write."""


class Binned(Record):
    """A record that goes to the recycle bin before it goes for good."""

    deleted_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


@event.listens_for(Mapper, "after_mapper_constructed")
def _check_versions(mapper: Mapper[Any], class_: type) -> None:
    """Let every update of a record name the version that it read."""
    if issubclass(class_, Record):
        mapper.version_id_col = mapper.local_table.c.version
        # else SQLite gives the last row's id again once that row is deleted, and
        # the new one would inherit its tags, values and history
        if isinstance(mapper.local_table, Table):
            mapper.local_table.dialect_options["sqlite"]["autoincrement"] = True
