"""Beats of workers: one row for each, outside of the change log, and who is missing."""

from datetime import timedelta

from sqlalchemy import func, select

from crm import db
from crm.models import SYSTEM, Actor, Change, WorkerBeat
from crm.services import workers
from tests import make

NOON = make.NOON


def beat(worker: str, seconds: float = 0) -> None:
    with db.transaction(SYSTEM) as session:
        workers.beat(session, worker, at=NOON + timedelta(seconds=seconds))


def is_missing(actor: Actor, seconds: float) -> bool:
    with db.reading(actor) as session:
        return workers.is_missing(session, at=NOON + timedelta(seconds=seconds))


def seen() -> dict[str, float]:
    """When each was seen last, in seconds after noon."""
    with db.reading(SYSTEM) as session:
        rows = session.execute(select(WorkerBeat.worker, WorkerBeat.seen_at)).all()
    return {worker: (at - NOON).total_seconds() for worker, at in rows}


def test_a_worker_has_one_row_however_often_it_beats(admin: Actor) -> None:
    for seconds in (0, 10, 20):
        beat("a", seconds)
    beat("b", 5)

    assert seen() == {"a": 20, "b": 5}


def test_beats_are_no_changes(admin: Actor) -> None:
    with db.reading(SYSTEM) as session:
        before = session.scalar(select(func.count()).select_from(Change))
    beat("a")
    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Change)) == before


def test_nobody_works_once_the_newest_is_a_minute_old(alice: Actor) -> None:
    assert is_missing(alice, 0)
    beat("a", -300)
    beat("b")

    assert not is_missing(alice, 60)
    assert is_missing(alice, 61)


def test_who_has_ended_is_gone_at_once(viewer: Actor) -> None:
    beat("a")
    with db.transaction(SYSTEM) as session:
        workers.leave(session, "a")

    assert is_missing(viewer, 1)
    assert seen() == {}


def test_who_has_died_is_forgotten_after_an_hour(admin: Actor) -> None:
    beat("a")
    beat("b", 3)
    with db.transaction(SYSTEM) as session:
        workers.forget(session, at=NOON + timedelta(hours=1, seconds=2))

    assert seen() == {"b": 3}
