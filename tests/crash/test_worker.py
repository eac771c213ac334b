"""The real worker, killed in the middle: nothing is lost and nothing done twice."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from crm import db
from crm.config import ROOT, settings
from crm.jobs import runs
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    Job,
    JobState,
    Order,
    OrderLine,
    utcnow,
)
from crm.services import jobs

pytestmark = pytest.mark.slow


def worker(log: Path) -> subprocess.Popen[bytes]:
    """A worker on the test's own data, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "crm.jobs"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=log.open("ab"),
    )


def seen(actor: Actor, job_id: int) -> Job:
    with db.reading(actor) as session:
        return jobs.job(session, job_id)


def wait(actor: Actor, job_id: int, share: float, seconds: float = 120) -> Job:
    """The job once it has come so far, or is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = seen(actor, job_id)
        if job.progress >= share or job.state.is_over:
            return job
        time.sleep(0.05)
    raise AssertionError(f"The job stands at {job.progress}.")


def let_time_pass(job_id: int) -> None:
    """A job whose worker was killed is deserted once its heartbeat is stale.

    Nobody has to sit through that: the heartbeat is put back.
    """
    beaten_at = seen(SYSTEM, job_id).heartbeat_at
    assert beaten_at is not None
    assert runs.deserted(at=beaten_at + runs.STALE) == []
    (left,) = runs.deserted(at=beaten_at + runs.STALE + timedelta(seconds=1))
    assert left.id == job_id
    ago = utcnow() - timedelta(minutes=1)
    with db.transaction(SYSTEM) as session:
        late = update(Job).where(col(Job.id) == job_id).values(heartbeat_at=ago)
        session.connection().execute(late)


def test_a_job_survives_the_end_of_its_worker(admin: Actor, tmp_path: Path) -> None:
    with db.transaction(admin) as session:
        asked = jobs.ask(session, "demo", "Demo", {"today": "2026-03-01"})
    assert settings().data_dir.is_relative_to(tmp_path)

    first = worker(tmp_path / "log")
    halfway = wait(admin, asked.id, 0.3)
    first.kill()
    first.wait()
    assert halfway.state is JobState.RUNNING
    let_time_pass(asked.id)
    with db.reading(admin) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 2000

    second = worker(tmp_path / "log")
    try:
        job = wait(admin, asked.id, share=2)  # until it is over
    finally:
        second.terminate()
        second.wait(60)

    assert (job.state, job.error) == (JobState.DONE, None)
    with db.reading(admin) as session:
        numbers = func.count(col(Order.number).distinct())
        orders = select(func.count(), numbers)
        made, distinct = session.execute(orders.select_from(Order)).one()
        lines = session.scalar(select(func.sum(OrderLine.amount)))
        assert made == distinct == (job.result or {})["orders"]
        assert session.scalar(select(func.count()).select_from(Customer)) == 2000
        assert lines == session.scalar(select(func.sum(Order.total)))
