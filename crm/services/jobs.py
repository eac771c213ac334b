"""Jobs: ask for background work, watch it, stop it, try it again.

A job is a row, written in the transaction of whoever asks: what is committed will
be done, whatever dies in between. `crm.jobs` does the work.
"""

import hashlib
import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm import db, i18n
from crm.errors import Forbidden, RuleBroken
from crm.i18n import _
from crm.models import Action, Actor, Job, JobState, utcnow

OPEN = (JobState.WAITING, JobState.RUNNING)
SYSTEM_KEY = "system:"  # begins the key of a job that the system has asked for


def ask(
    session: Session,
    kind: str,
    title: str,
    arguments: dict[str, Any],
    *,
    key: str | None = None,
) -> Job:
    """Have work of `kind` done after this transaction, once.

    Asking again with the same `key` gives the job that is there already. Keys of
    different users never meet. `title` is shown to the user; `arguments` is plain
    data.

    Raises:
        Forbidden: the actor may not start jobs.
    """
    actor = db.actor_of(session)
    if not actor.may(Action.CREATE, "job"):
        raise Forbidden(_("You do not have the right to do this."))
    full = _full(actor, key or secrets.token_hex(16))
    if (known := _known(session, full)) is not None:
        return known
    job = Job(
        key=full,
        kind=kind,
        title=title,
        arguments=arguments,
        owner_id=actor.user_id,
        language=i18n.current(),
    )
    try:
        with db.savepoint(session):
            session.add(job)
            session.flush()
    except IntegrityError:  # asked for at the same moment, in another transaction
        if (known := _known(session, full)) is None:
            raise
        return known
    return job


def job(session: Session, job_id: int) -> Job:
    """One job, as it stands now.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    return db.get(session, Job, job_id, populate_existing=True)


def listed(
    session: Session,
    *,
    kinds: Collection[str] = (),
    states: Collection[JobState] = (),
    limit: int = 50,
    offset: int = 0,
) -> list[Job]:
    """The jobs in reach, newest first; of `kinds` and in `states`, where given."""
    statement = _chosen(select(Job), kinds, states)
    newest = statement.order_by(col(Job.created_at).desc(), col(Job.id).desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def counted(
    session: Session,
    *,
    kinds: Collection[str] = (),
    states: Collection[JobState] = (),
) -> int:
    """How many jobs `listed` has in all."""
    statement = _chosen(select(func.count(col(Job.id))), kinds, states)
    return session.scalar(statement) or 0


def cancel(session: Session, job_id: int) -> Job:
    """Stop a job: at once while it waits, after its present step when it runs.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
        RuleBroken: it is over.
    """
    found = _to_change(session, job_id)
    if found.state.is_over:
        raise RuleBroken(_("This job is over."))
    if found.state is JobState.WAITING:
        found.state = JobState.CANCELLED
        found.ended_at = utcnow()
    else:
        found.stopping = True
    session.flush()
    return found


def retry(session: Session, job_id: int) -> Job:
    """Have a job that has failed, or was cancelled, done again from where it stood.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
        RuleBroken: it is not over, or it was done.
    """
    found = _to_change(session, job_id)
    if found.state not in (JobState.FAILED, JobState.CANCELLED):
        raise RuleBroken(_("Only a job that has failed or was stopped can be retried."))
    found.state = JobState.WAITING
    found.attempt += 1
    found.runs, found.progress, found.stopping = 0, 0.0, False
    found.stage = found.result = found.error = found.runner = None
    found.heartbeat_at = found.started_at = found.ended_at = None
    session.flush()
    return found


def _to_change(session: Session, job_id: int) -> Job:
    """The job, locked against its worker where the database has row locks."""
    if not db.actor_of(session).may(Action.UPDATE, "job"):
        raise Forbidden(_("You do not have the right to do this."))
    return db.get(session, Job, job_id, populate_existing=True, with_for_update=True)


def _chosen(
    statement: Any, kinds: Collection[str], states: Collection[JobState]
) -> Any:
    if kinds:
        statement = statement.where(col(Job.kind).in_(list(kinds)))
    if states:
        statement = statement.where(col(Job.state).in_(list(states)))
    return statement


def _known(session: Session, full_key: str) -> Job | None:
    return session.scalars(select(Job).where(col(Job.key) == full_key)).first()


def _full(actor: Actor, key: str) -> str:
    """The stored key: whose it is, and a digest where it would be too long."""
    whose = SYSTEM_KEY if actor.user_id is None else f"{actor.user_id}:"
    if len(whose + key) > 80:
        key = hashlib.sha256(key.encode()).hexdigest()[:40]
    return whose + key
