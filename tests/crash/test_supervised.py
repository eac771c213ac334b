"""The worker beside the app, killed: another takes its place, and ends with the app."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, JobState, WorkerBeat
from crm.services import jobs
from tests.browser.serving import running
from tests.crash.test_worker import wait

pytestmark = pytest.mark.slow

SECONDS = 60


def children(parent: int) -> list[int]:
    """The processes that `parent` has started and that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = path.read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(path.parent.name))
    return found


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def seen() -> set[str]:
    with db.reading(SYSTEM) as session:
        return set(session.scalars(select(WorkerBeat.worker)))


def test_a_worker_that_is_killed_is_started_again(admin: Actor, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(ROOT / "app.py", log, CRM_WORKER="on") as (_address, app):
        until(lambda: bool(seen()))
        (first,) = children(app.pid)
        known = seen()
        os.kill(first, signal.SIGKILL)

        until(lambda: bool(seen() - known))
        (second,) = children(app.pid)
        with db.transaction(admin) as session:
            asked = jobs.ask(session, "overview", "Overview", {})
        assert wait(admin, asked.id, share=2).state is JobState.DONE
        app.terminate()
        app.wait(20)

    assert first != second
    until(lambda: not Path(f"/proc/{second}").exists())
    assert seen() == known  # the second has said goodbye
    told = log.read_text()
    assert "The worker has ended (-9); it is started again in 1 s." in told
    assert "Fatal" not in told


def test_a_worker_ends_with_an_app_that_is_killed(admin: Actor, tmp_path: Path) -> None:
    with running(ROOT / "app.py", tmp_path / "log", CRM_WORKER="on") as (_, app):
        until(lambda: bool(seen()))
        (worker,) = children(app.pid)

        app.kill()
        app.wait(20)

        until(lambda: not Path(f"/proc/{worker}").exists())
        assert not seen()  # it has said goodbye
