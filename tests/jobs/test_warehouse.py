"""The copy for analysis is refreshed by a job: every hour, and when asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db, warehouse
from crm.jobs import run_here, schedule
from crm.models import SYSTEM, Actor, Job, JobState
from crm.services import jobs
from tests import make

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)


def found() -> list[Job]:
    """The jobs that refresh, oldest first."""
    with db.reading(SYSTEM) as session:
        ours = select(Job).where(col(Job.kind) == "warehouse").order_by(col(Job.id))
        return list(session.scalars(ours))


def ask_due(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker does that has just started."""
    monkeypatch.setattr(schedule, "_asked", {})
    schedule.ask_due(at=at)


def test_a_job_refreshes_the_warehouse(alice: Actor) -> None:
    make.customer(name="Acme")
    with db.transaction(alice) as session:
        asked = jobs.ask(session, "warehouse", "Refresh", {})

    run_here(asked.id)

    (job,) = found()
    assert (job.state, job.error) == (JobState.DONE, None)
    with warehouse.reading() as house:
        assert house.data_at.isoformat() == (job.result or {})["data_at"]
        assert house.customers()["name"].tolist() == ["Acme"]


def test_a_job_that_is_cancelled_leaves_the_warehouse(admin: Actor) -> None:
    make.customer(name="Acme")
    first = warehouse.refresh()
    with db.transaction(admin) as session:
        asked = jobs.ask(session, "warehouse", "Refresh", {})
        asked.stopping = True

    run_here(asked.id)

    assert found()[0].state is JobState.CANCELLED
    with warehouse.reading() as house:
        assert house.data_at == first


def test_workers_ask_once_an_hour(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in (0, 59, 60):
        for _worker in range(2):
            ask_due(TEN + timedelta(minutes=minutes), monkeypatch)

    assert len(found()) == 2


def test_a_worker_that_has_asked_leaves_the_database_alone(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_due(TEN, monkeypatch)
    monkeypatch.setattr(db, "transaction", None)

    schedule.ask_due(at=TEN + timedelta(minutes=4))

    assert len(found()) == 1


def test_what_the_clock_asks_for_is_done(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_due(TEN, monkeypatch)
    run_here(found()[0].id)

    assert found()[0].state is JobState.DONE


def test_earlier_refreshes_that_were_done_go_and_others_stay(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction(alice) as session:
        jobs.ask(session, "warehouse", "Refresh", {})
    for hour in range(2):
        ask_due(TEN + timedelta(hours=hour), monkeypatch)
    own, done, failed = found()
    with db.transaction(SYSTEM) as session:
        for job, state in (
            (own, JobState.DONE),
            (done, JobState.DONE),
            (failed, JobState.FAILED),
        ):
            jobs.job(session, job.id).state = state

    ask_due(TEN + timedelta(hours=2), monkeypatch)

    assert [job.id for job in found()[:-1]] == [own.id, failed.id]
