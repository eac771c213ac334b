"""What a job's function works with: who asked, steps, writes, progress."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden, Unavailable
from crm.i18n import _
from crm.jobs import runs
from crm.models import (
    SYSTEM,
    Actor,
    IdempotencyKey,
    Job,
    Reason,
    User,
    utcnow,
)
from crm.services.admin.hidden_from import of_role
from crm.services.jobs import SYSTEM_KEY

PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between tries of what may come back

StepRunner = Callable[[str, Callable[[], Any]], Any]


class Cancelled(Exception):
    """The user has asked for the job to stop."""


class Lost(Exception):
    """Another run has taken the job: this one must not go on."""


class JobContext:
    """One run of one job, as its function sees it."""

    def __init__(self, run: runs.Run, run_step: StepRunner) -> None:
        self._run = run
        self._run_step = run_step
        self.actor = actor_for(run.job)

    @property
    def job(self) -> Job:
        """The row as it was when this run took it."""
        return self._run.job

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked for."""
        return self._run.job.arguments

    @property
    def language(self) -> str:
        """The language of who asked; texts made here come out in it."""
        return self._run.job.language

    def progress(self, share: float, stage: str | None = None) -> None:
        """Show how far the job has come: 0 to 1, and in words.

        Costs nothing: written at most twice a second, by another thread. Stops a
        job that has been cancelled, so do not call it inside a transaction.

        Raises:
            Cancelled: the user has asked for the job to stop.
        """
        self._run.progress = min(max(float(share), 0.0), 1.0)
        self._run.stage = stage or None
        self._run.told = False
        self.check()

    def cancelled(self) -> bool:
        """Whether the user has asked for the job to stop."""
        return self._run.stop.is_set()

    def check(self) -> None:
        """Leave the job here when it is to stop.

        Raises:
            Cancelled: the user has asked for it.
            Lost: another run has taken the job.
        """
        if self._run.lost.is_set():
            raise Lost
        if self._run.stop.is_set():
            raise Cancelled
        if runs.leaving.is_set():
            park(self._run)

    def step(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """The result of `function(*args)`, worked out again after a crash.

        What it does must bear repeating. Tried again while the database does not
        answer.
        """
        self.check()
        return self._run_step(name, lambda: patiently(lambda: function(*args)))

    def write(
        self,
        name: str,
        function: Callable[..., Any],
        *args: Any,
        reason: Reason = Reason.EDIT,
        note: str | None = None,
    ) -> Any:
        """The result of `function(session, *args)` in a transaction, done once.

        The result, plain data, is kept in the same transaction under the job and
        `name`: what was committed is never done again, by no crash and no retry.
        """
        self.check()
        key = f"job:{self.job.id}:{name}"

        def once() -> Any:
            with self.transaction(reason=reason, note=note) as session:
                known = select(IdempotencyKey).where(col(IdempotencyKey.key) == key)
                if (done := session.scalars(known).first()) is not None:
                    return done.answer
                answer = function(session, *args)
                mark = IdempotencyKey(key=key, request="-", status=0, answer=answer)
                session.add(mark)
                return answer

        return patiently(once)

    @contextmanager
    def transaction(
        self, *, reason: Reason = Reason.EDIT, note: str | None = None
    ) -> Iterator[Session]:
        """A transaction of who asked; it fails when the job has been lost.

        For work that notes by itself what is done; else see `write`.
        """
        with db.transaction(self.actor, reason=reason, note=note) as session:
            yield session
            session.flush()
            if not runs.fence(session, self._run, at=utcnow()):
                raise Lost


def actor_for(job: Job) -> Actor:
    """Who a job acts for, with the rights of this moment.

    Raises:
        Forbidden: the user who asked is no longer active.
    """
    if job.owner_id is None and job.key.startswith(SYSTEM_KEY):
        return SYSTEM
    with db.reading(SYSTEM) as session:
        user = session.get(User, job.owner_id) if job.owner_id else None
        hidden = of_role(session, user.role) if user else frozenset()
    if user is None or not user.active:
        raise Forbidden(_("The user who asked for this is no longer active."))
    return Actor(
        user_id=user.id,
        name=user.name,
        role=user.role,
        reach=user.reach,
        team_id=user.team_id,
        language=job.language,
        hidden=hidden,
    ).working()


def patiently(function: Callable[[], Any]) -> Any:
    """The result of `function`, tried again while a part of the system is away."""
    for wait in PATIENCE:
        try:
            return function()
        except Unavailable:
            time.sleep(wait)
    return function()


def park(run: runs.Run) -> None:
    """Hold this thread: the worker is ending, and another run takes the job up."""
    run.parked = True
    Event().wait()
