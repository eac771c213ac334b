"""The daily job of renewals."""

from datetime import timedelta

from sqlalchemy import func, select

from crm import db
from crm.jobs import run_here
from crm.jobs.schedule import EVERY
from crm.models import SYSTEM, Activity, Actor, Job, JobState, utcnow
from crm.models.terms import add_months
from crm.services import jobs
from tests import make


def done() -> Job:
    with db.transaction(SYSTEM) as session:
        asked = jobs.ask(session, "renewals", "Renewals", {})
    run_here(asked.id)
    with db.reading(SYSTEM) as session:
        return jobs.job(session, asked.id)


def test_each_renewal_is_told_of_once_however_often_the_job_runs(admin: Actor) -> None:
    soon = utcnow().date() + timedelta(days=10)
    for _number in range(3):
        make.subscription(
            make.customer(admin),
            starts_on=add_months(soon, -12),
            term_months=12,
            renewal_on=soon,
        )

    first, second = done(), done()

    assert (first.state, first.result) == (JobState.DONE, {"due": 3, "tasks": 3})
    assert second.result == {"due": 0, "tasks": 0}
    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 3


def test_it_is_asked_for_every_day() -> None:
    assert EVERY["renewals"][0] == timedelta(days=1)
