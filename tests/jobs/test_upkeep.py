"""What upkeep takes away, and what it leaves."""

from datetime import timedelta

from sqlalchemy import select

from crm import db
from crm.jobs import run_here
from crm.models import (
    SYSTEM,
    Actor,
    Customer,
    IdempotencyKey,
    Job,
    JobState,
    Operation,
    Reason,
    utcnow,
)
from crm.services import jobs
from tests import make


def done() -> Job:
    with db.transaction(SYSTEM) as session:
        asked = jobs.ask(session, "upkeep", "Upkeep", {})
    run_here(asked.id)
    with db.reading(SYSTEM) as session:
        return jobs.job(session, asked.id)


def test_what_lay_in_the_bin_for_long_goes_and_the_log_says_so(admin: Actor) -> None:
    now = utcnow()
    make.customer(name="Old", deleted_at=now - timedelta(days=31))
    make.customer(name="Young", deleted_at=now - timedelta(days=15))
    make.customer(name="Alive")

    job = done()

    assert (job.state, job.result) == (JobState.DONE, {"purged": 1, "keys": 0})
    with db.reading(admin) as session:
        left = session.scalars(select(Customer.name), execution_options=db.everything)
        assert sorted(left) == ["Alive", "Young"]
        reasons = set(session.scalars(select(Operation.reason)))
    assert Reason.PURGE in reasons


def test_old_keys_of_requests_go_and_those_of_jobs_stay(admin: Actor) -> None:
    old = utcnow() - timedelta(days=8)
    for key in ("1:request", "job:404:write"):
        made = IdempotencyKey(key=key, request="-", status=0, created_at=old)
        make.saved(made)

    done()

    with db.reading(admin) as session:
        left = set(session.scalars(select(IdempotencyKey.key)))
    assert "1:request" not in left
    assert "job:404:write" in left
