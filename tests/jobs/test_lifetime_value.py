"""Lifetime value from orders in the database to a stored result."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm import db
from crm.jobs.run import run_here
from crm.models import SYSTEM, Actor, Analysis, Customer, Job, JobState, Order
from crm.services import analyses
from tests import make

TODAY = date(2026, 1, 31)


def shop(customers: int, *, seed: int = 1, owner: Actor | None = None) -> list[int]:
    """Customers who have bought within a year, each at a rate of its own."""
    random = np.random.default_rng(seed)
    owner_id = owner.user_id if owner else None
    with db.transaction(SYSTEM) as session:
        made = [Customer(name=f"C{n}", owner_id=owner_id) for n in range(customers)]
        session.add_all(made)
        session.flush()
        for customer, rate in zip(made, random.gamma(1, 5, customers), strict=True):
            for back in random.integers(0, 365, 1 + random.poisson(rate)):
                session.add(order(customer.id, TODAY - timedelta(days=int(back))))
        return [customer.id for customer in made]


def order(customer_id: int, day: date) -> Order:
    return Order(
        number=f"C-{next(make.numbers)}",
        customer_id=customer_id,
        ordered_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        currency="EUR",
        total=Decimal(100),
    )


def computed(actor: Actor, **changed: Any) -> Job:
    asked = {"horizon": 180, "annual_rate": 0.1} | changed
    with db.transaction(actor) as session:
        job = analyses.ask(session, "lifetime_value", "Value", asked, as_of=TODAY)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def latest(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        found = analyses.latest(session, "lifetime_value")
    assert found is not None
    return found


def table(actor: Actor, name: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, latest(actor).id, name)


@pytest.mark.slow
def test_orders_become_values_of_every_buyer(admin: Actor) -> None:
    ids = shop(150)
    make.customer(name="Never bought")

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    summary, customers = latest(admin).summary, table(admin, "customers")
    assert sorted(customers["customer_id"]) == ids
    assert summary["customers"] == 150
    assert summary["total"]["value"] == pytest.approx(customers["lifetime_value"].sum())
    assert summary["check"]["days"] == 180
    assert summary["check"]["learned_on"] == "2025-08-04"
    assert table(admin, "classes")["customers"].sum() == summary["check"]["customers"]
    assert table(admin, "tracking")["day"].iloc[-1] == pd.Timestamp(TODAY)
    assert table(admin, "concentration")["value"].iloc[-1] == pytest.approx(1)


@pytest.mark.slow
def test_what_happens_after_the_day_changes_nothing(admin: Actor) -> None:
    ids = shop(100)
    computed(admin)
    before, figures = table(admin, "customers"), latest(admin).summary

    with db.transaction(SYSTEM) as session:
        for customer_id in ids[::2]:
            session.add(order(customer_id, TODAY + timedelta(days=1)))
    computed(admin)

    assert latest(admin).summary == figures
    pd.testing.assert_frame_equal(table(admin, "customers"), before)


@pytest.mark.parametrize(
    ("backs", "changed", "words"),
    [
        ((), {}, "No customer has ordered"),
        ((0, 0, 0), {}, "0 days before"),
        ((200, 100, 50), {}, "only 1 customers"),
        ((400, -5), {}, "only 0 customers"),
        ((200, 100), {"horizon": 5}, "30 to 1826"),
        ((200, 100), {"annual_rate": 2}, "0 to 100%"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_done_is_told(
    admin: Actor, backs: tuple[int, ...], changed: dict[str, Any], words: str
) -> None:
    customer = make.customer()
    for back in backs:
        make.saved(order(customer.id, TODAY - timedelta(days=back)))

    job = computed(admin, **changed)

    assert job.state is JobState.FAILED
    assert words in (job.error or "")


@pytest.mark.slow
def test_who_sees_only_some_customers_has_values_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    hers = shop(60, owner=alice)
    shop(40, seed=2, owner=admin)

    computed(alice)

    assert sorted(table(alice, "customers")["customer_id"]) == hers
