"""Workers: whether one is alive, so that what waits does not wait without a word."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from crm import db
from crm.models import WorkerBeat

BEAT = timedelta(seconds=10)  # how often a worker tells
SILENT = timedelta(seconds=60)  # after which it counts as gone
KEPT = timedelta(hours=1)  # a beat of a worker that has not said goodbye


def beat(session: Session, worker: str, *, at: datetime) -> None:
    """Note that `worker` is alive at `at`. Past the change log: it changes nothing."""
    table = WorkerBeat.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    row = {"worker": worker, "seen_at": at}
    db.upsert(session.connection(), table, [row], ["worker"])


def leave(session: Session, worker: str) -> None:
    """Note that `worker` has ended."""
    _delete(session, col(WorkerBeat.worker) == worker)


def forget(session: Session, *, at: datetime) -> None:
    """Take away the beats of workers that have not been seen for an hour."""
    _delete(session, col(WorkerBeat.seen_at) < at - KEPT)


def is_missing(session: Session, *, at: datetime) -> bool:
    """Whether no worker has been seen for a minute."""
    newest = session.scalar(select(func.max(col(WorkerBeat.seen_at))))
    return newest is None or at - newest > SILENT


def _delete(session: Session, which: object) -> None:
    session.connection().execute(delete(WorkerBeat).where(which))  # type: ignore[arg-type]  # a condition
