"""The demo company goes in whole, and comes out again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from crm import db
from crm.demo import load
from crm.jobs import run_here
from crm.models import (
    Actor,
    Contact,
    Customer,
    Job,
    JobState,
    Operation,
    Order,
    OrderLine,
    Reason,
)
from crm.services import jobs, overview
from tests import make


def done(actor: Actor, kind: str) -> Job:
    with db.transaction(actor) as session:
        asked = jobs.ask(session, kind, kind, {"today": "2026-03-01"})
    run_here(asked.id)
    with db.reading(actor) as session:
        return jobs.job(session, asked.id)


@pytest.mark.slow
def test_the_demo_company_comes_and_goes(admin: Actor) -> None:
    own = make.customer(name="Ours")

    loaded = done(admin, "demo")

    assert (loaded.state, loaded.error) == (JobState.DONE, None)
    with db.reading(admin) as session:
        assert load.is_loaded(session)
        written = select(Operation.note).where(Operation.reason == Reason.DEMO)
        assert set(session.scalars(written)) == {None}  # its records say it all
        assert session.scalar(select(func.count()).select_from(Customer)) == 2001
        assert overview.counts(session)["sales_order"] == 10_000
        lines = session.scalar(select(func.sum(OrderLine.amount)))
        assert lines == session.scalar(select(func.sum(Order.total)))
        latest = session.scalar(select(func.max(Order.ordered_at)))
        assert latest is not None
        assert latest.date() < date(2026, 3, 1)

    wiped = done(admin, "wipe_demo")

    assert wiped.state is JobState.DONE
    with db.reading(admin) as session:
        assert session.scalars(select(Customer.name)).all() == [own.name]
        assert session.scalars(select(Contact)).first() is None
        assert not load.is_loaded(session)
