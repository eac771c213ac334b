"""Recurring revenue from subscriptions in the database to a stored result."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm import db
from crm.jobs.run import run_here
from crm.models import Actor, Analysis, BillingPeriod, CustomKind, Job, JobState, Price
from crm.models.words import told
from crm.services import analyses
from crm.services.admin import custom_fields
from crm.services.customers import segments
from tests import make

TODAY = date(2026, 3, 1)


def computed(actor: Actor, **parameters: Any) -> Job:
    with db.transaction(actor) as session:
        job = analyses.ask(session, "recurring_revenue", "R", parameters, as_of=TODAY)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def stored(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        return analyses.listed(session, "recurring_revenue")[0]


def table(actor: Actor, name: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, stored(actor).id, name)


def priced(*agreed: tuple[date, int]) -> list[dict[str, str]]:
    return [
        Price(day, Decimal(amount), Decimal(1), BillingPeriod.MONTHLY).plain()
        for day, amount in agreed
    ]


@pytest.mark.slow
def test_subscriptions_become_months_movements_and_lifetimes(admin: Actor) -> None:
    first, second = make.customer(source="web"), make.customer(country="DE")
    start = date(2026, 1, 10)
    make.subscription(
        first, starts_on=start, prices=priced((start, 100), (date(2026, 2, 5), 150))
    )
    gone = make.subscription(
        second, starts_on=start, cancelled_on=start, ends_on=date(2026, 2, 9)
    )
    make.subscription(second, currency="USD")
    make.subscription(first, starts_on=start, currency="USD", rate=Decimal("0.5"))
    make.subscription(second, starts_on=date(2026, 3, 2))  # later
    make.subscription(second, deleted_at=make.NOON)

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    found = stored(admin).summary
    assert (found["mrr"], found["arr"]) == (200, 2400)
    assert (found["running"], found["no_rate"]) == (2, 1)
    assert "at least 30" in told(found["cox"]["why_not"])
    assert table(admin, "months")["mrr"].tolist() == [250, 200, 200]
    moved = table(admin, "movements")
    assert moved["kind"].tolist() == ["new", "new", "expansion", "churned"]
    lives = table(admin, "lifetimes").set_index("subscription_id")
    assert lives.loc[gone.id, ["days", "ended"]].tolist() == [31, True]
    assert lives["ended"].sum() == 1


@pytest.mark.slow
def test_an_earlier_day_knows_nothing_of_what_came_later(admin: Actor) -> None:
    make.subscription(
        make.customer(),
        starts_on=date(2026, 1, 1),
        cancelled_on=TODAY,
        ends_on=TODAY + timedelta(days=90),
        prices=priced((date(2026, 1, 1), 100), (date(2026, 4, 1), 900)),
    )

    computed(admin)

    assert stored(admin).summary["mrr"] == 100
    assert table(admin, "lifetimes")["ended"].tolist() == [False]


@pytest.mark.slow
def test_who_sees_some_customers_has_the_revenue_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    mine = make.customer(alice)
    make.subscription(mine)
    make.subscription(make.customer(admin))

    computed(alice)

    assert stored(alice).summary["mrr"] == 100
    assert table(alice, "movements")["customer_id"].tolist() == [mine.id]


@pytest.mark.slow
def test_a_segment_is_looked_at_by_itself(admin: Actor) -> None:
    one, other = make.customer(), make.customer()
    make.subscription(one)
    make.subscription(other)
    with db.transaction(admin) as session:
        best = segments.save(session, "Best", [one.id])

    computed(admin, segment_id=best.id)

    assert stored(admin).summary["mrr"] == 100


@pytest.mark.parametrize("currency", [None, "USD"])
def test_nothing_to_add_up_is_told_in_words(admin: Actor, currency: str | None) -> None:
    customer = make.customer()
    if currency:
        make.subscription(customer, currency=currency)

    job = computed(admin)

    assert job.state is JobState.FAILED
    assert "base currency" in (job.error or "")


@pytest.mark.slow
def test_custom_choices_are_among_what_lifetimes_are_compared_by(admin: Actor) -> None:
    customer = make.customer()
    make.subscription(customer)
    with db.transaction(admin) as session:
        custom_fields.add(
            session, "customer", "Size", CustomKind.CHOICE, choices=["big", "small"]
        )
        custom_fields.store(session, "customer", customer.id, {"x_size": "big"})

    computed(admin)

    assert stored(admin).summary["labels"] == {"customer.x_size": "Size"}
    assert table(admin, "lifetimes")["customer.x_size"].tolist() == ["big"]
