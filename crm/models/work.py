"""What runs in the background, and what it leaves behind: jobs, imports, analyses."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Record, Row, utcnow
from crm.models.types import Bytes, Id, Instant, Json, LongTold, Text, Told, stored


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(Row, table=True):
    """One piece of background work: asked for in a transaction, done once.

    `key` makes asking twice the same as asking once. `progress` is 0 to 1.
    `runner` names the run of a worker that has the job in hand; it is taken from a
    run whose heartbeat has stopped.
    """

    __tablename__ = "job"
    __label__: ClassVar = N_("Job")
    __table_args__ = (Index(None, "state", "created_at"),)

    key: str = Field(sa_type=Text(80), unique=True)
    kind: str = Field(sa_type=Text(40), index=True)
    title: str = Field(sa_type=Told(200))
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: JobState = Field(default=JobState.WAITING, sa_type=stored(JobState))
    progress: float = Field(default=0.0)
    stage: str | None = Field(default=None, sa_type=Told(200))  # in words
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    error: str | None = Field(default=None, sa_type=LongTold)
    attempt: int = Field(default=1)
    runs: int = Field(default=0)  # how often a worker has taken up this attempt
    runner: str | None = Field(default=None, sa_type=Text(80))
    heartbeat_at: datetime | None = Field(default=None, sa_type=Instant)
    stopping: bool = Field(default=False)  # asked to stop between two steps
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    language: str = Field(default="en", sa_type=Text(10))
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class WorkerBeat(Row, table=True):
    """When a worker was last known to be alive, so that pages can say if none is."""

    __tablename__ = "worker_beat"

    worker: str = Field(sa_type=Text(120), unique=True)  # where and which process
    seen_at: datetime = Field(default_factory=utcnow, sa_type=Instant, index=True)


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"


class ImportRun(Record, table=True):
    """One file on its way in: format, mapping, choices, counts.

    rows_seen = created + updated + skipped + failed, counted in rows of the file.
    """

    __tablename__ = "import_run"
    __label__: ClassVar = N_("Import")
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"settings", "counts"}

    target: str = Field(sa_type=Text(40))  # customers, contacts, products, orders
    file_name: str = Field(sa_type=Text(255))  # as the user named it; never a path
    file_key: str = Field(sa_type=Text(64))  # the generated name under files/
    state: ImportState = Field(
        default=ImportState.UPLOADED, sa_type=stored(ImportState)
    )
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    chunks_done: int = Field(default=0)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )


class ImportIssue(Row, table=True):
    """A row of an imported file that was skipped or failed, with the reason."""

    __tablename__ = "import_issue"
    __table_args__ = (Index(None, "import_id", "row_number"),)

    import_id: int = Field(foreign_key="import_run.id", ondelete="CASCADE", sa_type=Id)
    row_number: int  # 1 is the first row below the header
    outcome: str = Field(sa_type=Text(20))  # skipped, failed or partly
    column: str | None = Field(default=None, sa_type=Text(200))
    reason: str = Field(sa_type=Told(500))
    cells: list[str] = Field(default_factory=list, sa_type=Json)


class Analysis(Record, table=True):
    """A computed result: what was asked, of which day, and the answer in short.

    Its tables are `AnalysisTable` rows; they are never changed, only replaced.
    """

    __tablename__ = "analysis"
    __label__: ClassVar = N_("Analysis")
    __table_args__ = (Index(None, "kind", "created_at"),)
    UNLOGGED: ClassVar[frozenset[str]] = Record.UNLOGGED | {"summary"}

    kind: str = Field(sa_type=Text(40))  # segmentation, association_rules, churn …
    title: str | None = Field(default=None, sa_type=Text(200))
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    as_of: date
    data_at: datetime | None = Field(default=None, sa_type=Instant)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    job_id: int | None = Field(
        default=None, foreign_key="job.id", ondelete="SET NULL", sa_type=Id, index=True
    )
    owner_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )


class AnalysisTable(Row, table=True):
    """A part of a table of an analysis: Parquet, in pieces of a megabyte."""

    __tablename__ = "analysis_table"
    __table_args__ = (UniqueConstraint("analysis_id", "name", "part"),)

    analysis_id: int = Field(foreign_key="analysis.id", ondelete="CASCADE", sa_type=Id)
    name: str = Field(sa_type=Text(40))
    part: int
    content: bytes = Field(sa_type=Bytes)


class IdempotencyKey(Row, table=True):
    """The answer to a request that may be sent again."""

    __tablename__ = "idempotency_key"

    key: str = Field(sa_type=Text(300), unique=True)  # who and what, with the key
    request: str = Field(sa_type=Text(64))  # hash of what was asked
    status: int
    location: str | None = Field(default=None, sa_type=Text(300))
    etag: str | None = Field(default=None, sa_type=Text(40))
    answer: Any = Field(default=None, sa_type=Json, nullable=True)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant, index=True)
