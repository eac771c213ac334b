"""One job from beginning to end: its function is called, its outcome written."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from crm import db, i18n
from crm.db import statistics
from crm.errors import CRMError
from crm.i18n import _
from crm.jobs import registry, runs
from crm.jobs.context import Cancelled, JobContext, Lost, StepRunner, park, patiently
from crm.models import SYSTEM, IdempotencyKey, Job, JobState, Reason, utcnow

log = logging.getLogger(__name__)

Outcome = tuple[JobState, dict[str, Any]]


def run_here(job_id: int) -> None:
    """Do one waiting job now, in this thread, without a worker; for tests."""
    with db.reading(SYSTEM) as session:
        attempt = db.get(session, Job, job_id).attempt
    perform(job_id, attempt, run_step=_plainly)


def perform(job_id: int, attempt: int, *, run_step: StepRunner) -> None:
    """Do attempt `attempt` of a job, unless it is over or in other hands."""
    run = _persistently(lambda: runs.take(job_id, attempt, at=utcnow()))
    if run is None:
        log.info("job %s is not to be had", job_id)
        return
    try:
        with i18n.language(run.job.language):
            state, details = _outcome(run, run_step)
            _persistently(lambda: runs.end(run, state, at=utcnow(), **details), run)
        if state is JobState.DONE:
            _persistently(lambda: _forget_writes(job_id), run)
            _persistently(statistics.refresh, run)  # it may have written a lot
        log.info("job %s (%s) is %s", job_id, run.job.kind, state)
    except Lost:
        log.warning("job %s was taken over by another run", job_id)
    finally:
        runs.drop(run)


def _outcome(run: runs.Run, run_step: StepRunner) -> Outcome:
    """What came of the job's function."""
    log.info("job %s (%s) begins, run %s", run.job.id, run.job.kind, run.job.runs)
    if run.job.runs > runs.MAX_RUNS:
        return JobState.FAILED, {"error": _("The worker broke off too many times.")}
    try:
        context = JobContext(run, run_step)
        result = registry.function_for(run.job.kind)(context)
    except Cancelled:
        return JobState.CANCELLED, {}
    except Lost:
        raise
    except CRMError as error:
        return JobState.FAILED, {"error": error.words}
    except Exception as error:  # noqa: BLE001  (whatever it was, the job has ended)
        return JobState.FAILED, {"error": _in_words(error, run)}
    return JobState.DONE, {"result": result, "error": None}


def _in_words(error: Exception, run: runs.Run) -> str:
    """What the user reads of a failure: its text if it is one of ours, no stack."""
    reference = secrets.token_hex(4)
    log.error("job %s failed, reference %s", run.job.id, reference, exc_info=error)
    return _(
        "Something went wrong inside the program. The log has the details under "
        "the reference {reference}."
    ).format(reference=reference)


def _forget_writes(job_id: int) -> None:
    """A job that is done will not be repeated: its marks can go."""
    marks = col(IdempotencyKey.key).startswith(f"job:{job_id}:")
    with db.transaction(SYSTEM, reason=Reason.SYSTEM) as session:
        session.connection().execute(delete(IdempotencyKey).where(marks))


def _persistently(function: Callable[[], Any], run: runs.Run | None = None) -> Any:
    """The result of `function`, however long the database stays away."""
    while True:
        try:
            return patiently(function)
        except (CRMError, SQLAlchemyError):
            log.exception("the database does not answer")
            if runs.leaving.is_set():
                park(run or runs.Run(Job(key="", kind="", title=""), ""))


def _plainly(_name: str, function: Callable[[], Any]) -> Any:
    return function()
