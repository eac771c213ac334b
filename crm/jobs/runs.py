"""Runs: this process has a job in hand, and shows that it is alive.

The job's row is the lock. A run takes it by writing its name into `runner`, keeps
`heartbeat_at` fresh, and loses the job to another run when the heartbeat stops for
`STALE`. What a run writes in `crm.db` is fenced: it is committed only while the row
still names the run.
"""

import logging
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, func, select, update
from sqlmodel import Session, col

from crm import db
from crm.models import SYSTEM, Job, JobState, Reason, utcnow

log = logging.getLogger(__name__)

STALE = timedelta(seconds=30)
BEAT = timedelta(seconds=5)
RESCUE = "rescue/"  # begins the runner of a job that has been handed on
MAX_RUNS = 10  # an attempt that ends its worker so often is given up

worker_name = f"here-{secrets.token_hex(4)}"  # the worker's own, once it has a slot
leaving = threading.Event()  # set when the worker is told to end

_active: dict[str, "Run"] = {}


@dataclass(eq=False)
class Run:
    """One go at a job, by this process."""

    job: Job
    runner: str
    progress: float = 0.0
    stage: str | None = None
    told: bool = True  # whether the row knows progress and stage
    beaten_at: datetime = field(default_factory=utcnow)
    stop: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    parked: bool = False


def take(job_id: int, attempt: int, *, at: datetime) -> Run | None:
    """Take a job in hand; None when it is over or somebody else has it."""
    runner = f"{worker_name}/{secrets.token_hex(4)}"
    to_be_had = (
        (col(Job.state) == JobState.WAITING)
        | ((col(Job.state) == JobState.RUNNING) & col(Job.runner).startswith(RESCUE))
        | _deserted(at)
    )
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        taken = _changed(
            session,
            update(Job)
            .where(col(Job.id) == job_id, col(Job.attempt) == attempt, to_be_had)
            .values(
                state=JobState.RUNNING,
                runner=runner,
                heartbeat_at=at,
                started_at=func.coalesce(Job.started_at, at),
                runs=Job.runs + 1,
            ),
        )
        job = session.get(Job, job_id, populate_existing=True) if taken else None
    if job is None:
        return None
    run = _active[runner] = Run(job, runner, job.progress, job.stage)
    if job.stopping:
        run.stop.set()
    return run


def end(run: Run, state: JobState, *, at: datetime, **details: Any) -> bool:
    """Write how the job went; False when it is no longer this run's to say."""
    values = {"state": state, "ended_at": at, "stage": None} | details
    if state is JobState.DONE:
        values["progress"] = 1.0
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        return _changed(
            session, _mine(run).values(values | {"runner": None, "heartbeat_at": None})
        )


def drop(run: Run) -> None:
    """This process has done with the job."""
    _active.pop(run.runner, None)


def fence(session: Session, run: Run, *, at: datetime) -> bool:
    """Whether `run` still has its job; no other can take it before the commit."""
    run.beaten_at = at
    return _changed(session, _mine(run).values(heartbeat_at=at))


def beat(*, at: datetime) -> None:
    """Tell what is new of the active runs; learn who is to stop or has lost."""
    active = list(_active.values())
    if not active:
        return
    _learn(active)
    due = [r for r in active if not r.told or at - r.beaten_at >= BEAT]
    if not due:
        return
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        for run in due:
            run.told, run.beaten_at = True, at
            news = {"progress": run.progress, "stage": run.stage, "heartbeat_at": at}
            _changed(session, _mine(run).values(news))


def active() -> list[Run]:
    """What this process has in hand."""
    return list(_active.values())


def deserted(*, at: datetime) -> list[Job]:
    """Running jobs whose run shows no sign of life."""
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Job).where(_deserted(at)).limit(100)))


def hand_on(job: Job, *, at: datetime) -> bool:
    """Free a deserted job for another run; False when another worker was faster."""
    held = col(Job.runner)
    same = held.is_(None) if job.runner is None else held == job.runner
    freed = (
        update(Job)
        .where(col(Job.id) == job.id, same, _deserted(at))
        .values(runner=RESCUE + secrets.token_hex(4), heartbeat_at=at)
    )
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        return _changed(session, freed)


def renew(job: Job) -> None:
    """Let a job whose run has vanished wait for a new attempt."""
    anew = (
        update(Job)
        .where(col(Job.id) == job.id, col(Job.attempt) == job.attempt)
        .where(col(Job.state).in_([JobState.WAITING, JobState.RUNNING]))
        .values(
            state=JobState.WAITING,
            attempt=Job.attempt + 1,
            runner=None,
            heartbeat_at=None,
        )
    )
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        _changed(session, anew)


def release(worker: str) -> None:
    """Free what `worker`, which is no more or about to end, has in hand."""
    freed = (
        update(Job)
        .where(col(Job.state) == JobState.RUNNING)
        .where(col(Job.runner).startswith(f"{worker}/", autoescape=True))
        .values(heartbeat_at=None)
    )
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        _changed(session, freed)


def _learn(active: list[Run]) -> None:
    ids = {run.job.id for run in active}
    columns = select(col(Job.id), col(Job.runner), col(Job.stopping))
    with db.reading(SYSTEM) as session:
        found = session.execute(columns.where(col(Job.id).in_(ids)))
        rows = {row.id: row for row in found}
    for run in active:
        row = rows.get(run.job.id)
        if row is None or row.runner != run.runner:
            run.lost.set()
        elif row.stopping:
            run.stop.set()


def _deserted(at: datetime) -> Any:
    silent = col(Job.heartbeat_at).is_(None) | (col(Job.heartbeat_at) < at - STALE)
    return (col(Job.state) == JobState.RUNNING) & silent


def _mine(run: Run) -> Update:
    return update(Job).where(
        col(Job.id) == run.job.id,
        col(Job.runner) == run.runner,
        col(Job.state) == JobState.RUNNING,
    )


def _changed(session: Session, statement: Update) -> bool:
    """Whether the statement met a row. Past the session: jobs are not logged."""
    return bool(session.connection().execute(statement).rowcount)
