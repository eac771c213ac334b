"""The worker: whole, or not at all."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import select

from crm import db
from crm.jobs import registry, runs, schedule, worker
from crm.models import SYSTEM, Actor, WorkerBeat


def test_a_worker_that_cannot_look_for_jobs_ends(
    admin: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    leaving = threading.Event()
    monkeypatch.setattr(runs, "leaving", leaving)
    monkeypatch.setattr(registry, "load", lambda: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *_given: None)

    def broken(*, at: datetime) -> None:
        raise LookupError(f"nothing is due at {at}")

    monkeypatch.setattr(schedule, "ask_due", broken)
    thread = threading.Thread(target=worker.work, daemon=True)
    thread.start()
    thread.join(20)
    has_ended = not thread.is_alive()
    leaving.set()  # else it would go on beside the other tests

    assert has_ended
    assert "the worker ends: it cannot go on" in caplog.text
    with db.reading(SYSTEM) as session:
        assert session.scalars(select(WorkerBeat.worker)).all() == []
