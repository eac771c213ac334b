"""The figures of the first page, from the orders to what is stored."""

from datetime import timedelta

import pytest

from crm import db
from crm.jobs import run_here
from crm.models import SYSTEM, Actor, utcnow
from crm.services import analyses, jobs
from tests import make


def made() -> None:
    with db.transaction(SYSTEM) as session:
        asked = jobs.ask(session, "overview", "Overview", {})
    run_here(asked.id)


@pytest.mark.slow
def test_orders_come_out_as_months_and_days(admin: Actor) -> None:
    product = make.product()
    now = utcnow()
    make.order(make.customer(), (product, 2, "10"), ordered_at=now)
    make.order(make.customer(), (product, 1, "5"), ordered_at=now - timedelta(days=40))

    made()

    with db.reading(admin) as session:
        found = analyses.latest(session, "overview")
        assert found is not None
        months = analyses.table(session, found.id, "months")
    assert (found.summary["revenue"], found.summary["revenue_before"]) == (20, 5)
    assert months["revenue"].sum() == 25
    assert months["revenue"].iloc[-1] == 20


@pytest.mark.slow
def test_the_newest_takes_the_place_of_the_one_before(admin: Actor) -> None:
    made()
    made()

    with db.reading(admin) as session:
        assert len(analyses.listed(session, "overview")) == 1


def test_who_sees_some_customers_does_not_see_it(alice: Actor) -> None:
    made()

    with db.reading(alice) as session:
        assert analyses.latest(session, "overview") is None
