"""Documents that have no rate get that of their day once it is known."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden
from crm.jobs.run import run_here
from crm.models import Actor, Estimate, Invoice, Opportunity, Order, Payment, Quote
from crm.models import Subscription as Subscribed
from crm.services import jobs
from crm.services.money import rate_gaps
from crm.services.money.rate_gaps import Gap
from tests import make

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
USD: dict[str, Any] = {"currency": "USD"}


@pytest.fixture
def documents(admin: Actor) -> dict[str, Any]:
    """One of each kind in dollars, without a rate; all of the first of March."""
    who, what = make.customer(), make.product()
    order = make.order(who, (what, 1, "10"), **USD)
    invoice = make.invoice(order)
    return {
        "order": order,
        "invoice": invoice,
        "payment": make.payment(invoice, "4"),
        "quote": make.quote(who, (what, 1, "10"), **USD, rate=None, rate_on=None),
        "open": make.opportunity(who, **USD),
        "won": make.opportunity(who, "Won", **USD, closed_at=make.NOON),
        "subscription": make.subscription(who, **USD, starts_on=date(2026, 3, 1)),
    }


def counted(actor: Actor) -> dict[str, Gap]:
    with db.reading(actor) as session:
        return rate_gaps.counted(session, today=AT.date())


def filled(actor: Actor, **more: Any) -> int:
    with db.transaction(actor) as session:
        return rate_gaps.fill(session, "USD", at=AT, **more)


@pytest.mark.slow
def test_every_kind_gets_the_rate_of_its_day(
    admin: Actor, documents: dict[str, Any]
) -> None:
    make.order(make.customer())  # in euro
    make.rate("USD", "2026-02-15", "0.9")
    make.rate("USD", "2026-03-10", "0.8")
    assert counted(admin) == {"USD": Gap(7, 7, 7)}

    assert filled(admin) == 7

    assert counted(admin) == {"USD": Gap(7, 0, 0)}
    with db.reading(admin) as session:
        rows = {
            name: db.get(session, type(row), row.id) for name, row in documents.items()
        }
        last = select(Estimate).where(Estimate.opportunity_id == rows["open"].id)
        estimate = session.scalars(last).one()
    assert {name: row.rate for name, row in rows.items()} == dict.fromkeys(
        rows, Decimal("0.9")
    ) | {"open": Decimal("0.8")}
    assert rows["order"].base_total == rows["quote"].base_total == 9
    assert rows["payment"].base_amount == Decimal("3.6")
    assert rows["won"].base_amount == 900
    assert (estimate.at, estimate.base_amount) == (AT, rows["open"].base_amount)
    assert estimate.base_amount == 800


@pytest.mark.slow
def test_what_is_older_than_the_first_rate_waits(
    admin: Actor, documents: dict[str, Any]
) -> None:
    make.rate("USD", "2026-03-02", "0.9")

    assert counted(admin) == {"USD": Gap(7, 7, 1)}  # what is open is of this day
    assert (filled(admin), filled(admin)) == (1, 0)
    with db.reading(admin) as session:
        assert db.get(session, Order, documents["order"].id).rate is None


def test_a_rate_that_is_there_is_never_changed(admin: Actor) -> None:
    kept = make.order(make.customer(), **USD, rate=Decimal("0.5"))
    make.rate("USD", "2026-01-01", "0.9")

    assert filled(admin) == 0

    with db.reading(admin) as session:
        assert db.get(session, Order, kept.id).rate == Decimal("0.5")


@pytest.mark.slow
def test_what_is_out_of_reach_is_neither_counted_nor_changed(
    alice: Actor,
) -> None:
    elsewhere = make.actor("Mary", role="manager", reach="own")
    make.order(make.customer(alice), **USD)
    make.rate("USD", "2026-01-01", "0.9")

    assert counted(elsewhere) == {}
    assert filled(elsewhere) == 0
    assert counted(alice) == {"USD": Gap(1, 1, 1)}
    with pytest.raises(Forbidden):
        filled(alice)


@pytest.mark.slow
def test_very_many_are_done_by_a_job(
    admin: Actor, documents: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    make.rate("USD", "2026-02-15", "0.9")
    monkeypatch.setattr(rate_gaps, "AT_ONCE", 2)

    with db.transaction(admin) as session:
        job = jobs.ask(session, "rate_gaps", "Rates", {"currency": "USD"})
    run_here(job.id)

    with db.reading(admin) as session:
        done = jobs.job(session, job.id)
    assert (done.error, done.result) == (None, {"documents": 7, "too_large": 0})
    assert counted(admin)["USD"].without == 0
    assert {Invoice, Opportunity, Payment, Quote, Subscribed} <= rate_gaps.KINDS.keys()


@pytest.mark.slow
def test_what_would_be_worth_too_much_holds_nobody_up(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_gaps, "AT_ONCE", 2)
    who = make.customer()
    large = [make.order(who, total=Decimal(10**12), **USD) for _ in range(3)]
    small = make.order(who, total=Decimal(10), **USD)
    make.rate("USD", "2026-02-15", "2")

    with db.transaction(admin) as session:
        job = jobs.ask(session, "rate_gaps", "Rates", {"currency": "USD"})
    run_here(job.id)

    with db.reading(admin) as session:
        done = jobs.job(session, job.id)
        rates = {row.id: row.rate for row in session.scalars(select(Order))}
    assert done.result == {"documents": 1, "too_large": 3}
    assert rates == {one.id: None for one in large} | {small.id: Decimal(2)}
