"""The change log: one thing a user did, and each row that it altered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Row
from crm.models.types import Id, Instant, Json, Text, stored
from crm.models.words import told


class Reason(StrEnum):
    """Why something was changed."""

    EDIT = "edit"
    BULK = "bulk"
    IMPORT = "import"
    MERGE = "merge"
    UNDO = "undo"
    RESTORE = "restore"
    PURGE = "purge"
    EXPORT = "export"
    SIGN_IN = "sign_in"
    DEMO = "demo"
    SYSTEM = "system"


REASON_LABELS = {
    Reason.EDIT: N_("Edited"),
    Reason.BULK: N_("Edited in bulk"),
    Reason.IMPORT: N_("Imported"),
    Reason.MERGE: N_("Merged"),
    Reason.UNDO: N_("Undone"),
    Reason.RESTORE: N_("Restored"),
    Reason.PURGE: N_("Deleted for good"),
    Reason.EXPORT: N_("Exported"),
    Reason.SIGN_IN: N_("Signed in"),
    Reason.DEMO: N_("Demo company"),
    Reason.SYSTEM: N_("By the system"),
}


class Deed(StrEnum):
    """What happened to one row."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    BATCH = "batch"  # many rows created at once, see `Change.after`


class Operation(Row, table=True):
    """One thing somebody did. Each carries the seal of the one before."""

    __tablename__ = "operation"

    at: datetime = Field(sa_type=Instant, index=True)
    actor_id: int | None = Field(default=None, sa_type=Id, index=True)
    actor_name: str = Field(sa_type=Text(120))
    actor_kind: str = Field(sa_type=Text(20))
    reason: Reason = Field(sa_type=stored(Reason))
    note: str | None = Field(default=None, sa_type=Text(500))  # as it is sealed
    undoes: int | None = Field(default=None, sa_type=Id, index=True)
    seal: str = Field(sa_type=Text(64))  # HMAC over the seal before and this one

    @property
    def words(self) -> str | None:
        """The note in the language of whoever reads it."""
        return told(self.note) if self.note else None


class Change(Row, table=True):
    """One row that an operation altered: only the fields that differ.

    A batch names the rows `record_id` to `last_id` of import `after["import_id"]`.
    """

    __tablename__ = "row_change"  # CHANGE is a reserved word
    __table_args__ = (
        Index(None, "entity", "record_id", "id"),
        Index(None, "customer_id", "id"),
    )

    operation_id: int = Field(
        foreign_key="operation.id", ondelete="CASCADE", sa_type=Id, index=True
    )
    entity: str = Field(sa_type=Text(40))
    record_id: int = Field(sa_type=Id)
    last_id: int | None = Field(default=None, sa_type=Id)
    customer_id: int | None = Field(default=None, sa_type=Id)  # whose timeline
    deed: Deed = Field(sa_type=stored(Deed))
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)


class LogHead(Row, table=True):
    """The last seal of the change log; one row, locked while a seal is added."""

    __tablename__ = "log_head"

    operation_id: int | None = Field(default=None, sa_type=Id)
    operations: int = Field(default=0)
    seal: str = Field(sa_type=Text(64))


class Cursor(Row, table=True):
    """How far a reader of the change log has read."""

    __tablename__ = "log_cursor"

    reader: str = Field(sa_type=Text(40), unique=True)
    change_id: int = Field(default=0, sa_type=Id)
