"""The worker: finds waiting jobs, does one after the other, shows that it is alive.

A job is a row. Whoever takes it writes its name there and keeps a heartbeat; a job
whose worker has died is taken up by another. What a job has committed by
`JobContext.write` is never done again.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import CRMError
from crm.jobs import registry, runs, schedule
from crm.jobs.run import perform
from crm.models import SYSTEM, Job, JobState, Reason, utcnow
from crm.services import workers

log = logging.getLogger(__name__)

PAUSE = 0.3  # seconds between looks
STDIN = 0
LAST = 5.0  # seconds for a beat that is being written


def work(*, beside: bool = False) -> None:
    """Work until told to end by SIGTERM or SIGINT.

    `beside` an app also until that has ended: then the standard input ends.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    registry.load()
    telling, *others = (
        threading.Thread(target=_kept_up, args=[task], daemon=True)
        for task in (_tell, _beat, _look, *([_listen] if beside else []))
    )
    for thread in (telling, *others):
        thread.start()
    while not runs.leaving.wait(PAUSE):  # without end, a signal may never wake it
        pass
    runs.release(runs.worker_name)
    telling.join(LAST)  # else a beat could come after the goodbye
    _noted(lambda session: workers.leave(session, runs.worker_name))


def _kept_up(task: Callable[[], None]) -> None:
    """Do `task` until the worker leaves; where it breaks off, the worker leaves.

    Half a worker would look alive and do nothing; whoever started it starts another.
    """
    try:
        task()
    except Exception:
        log.exception("the worker ends: it cannot go on")
    finally:
        runs.leaving.set()


def _leave(_number: int, _frame: Any) -> None:
    runs.leaving.set()


def _beat() -> None:
    while not runs.leaving.wait(PAUSE):
        try:
            runs.beat(at=utcnow())
        except CRMError:
            log.exception("the heartbeat could not be written")


def _tell() -> None:
    """Tell the pages that this worker is alive."""
    _noted(lambda session: workers.forget(session, at=utcnow()))
    while not runs.leaving.is_set():
        _noted(lambda session: workers.beat(session, runs.worker_name, at=utcnow()))
        runs.leaving.wait(workers.BEAT.total_seconds())


def _listen() -> None:
    """Wait for the end of the app: nothing is ever said to a worker.

    Past Python's own stream, whose lock an ending interpreter would miss.
    """
    os.read(STDIN, 1)


def _noted(write: Callable[[Session], None]) -> None:
    """Write it down; where that fails, the next beat will tell."""
    try:
        with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
            write(session)
    except CRMError:
        log.exception("the beat of the worker could not be written")


def _look() -> None:
    while not runs.leaving.wait(PAUSE):
        try:
            schedule.ask_due(at=utcnow())
            for deserted in runs.deserted(at=utcnow()):
                runs.hand_on(deserted, at=utcnow())
            while (found := _next()) and not runs.leaving.is_set():
                perform(*found, run_step=_step)
        except CRMError:
            log.exception("the queue could not be read")


def _next() -> tuple[int, int] | None:
    """Id and attempt of the job to do next: the oldest that waits or was left."""
    handed_on = (col(Job.state) == JobState.RUNNING) & col(Job.runner).startswith(
        runs.RESCUE
    )
    statement = (
        select(col(Job.id), col(Job.attempt))
        .where((col(Job.state) == JobState.WAITING) | handed_on)
        .order_by(col(Job.id))
        .limit(1)
    )
    with db.reading(SYSTEM) as session:
        row = session.execute(statement).first()
    return (int(row[0]), int(row[1])) if row else None


def _step(_name: str, function: Any) -> Any:
    return function()
