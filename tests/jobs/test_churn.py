"""Churn from orders in the database to a stored result."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from crm import db
from crm.jobs.run import run_here
from crm.models import SYSTEM, Actor, Analysis, Customer, Job, JobState, Order
from crm.services import analyses
from tests import make
from tests.analytics.leavers import small_forests

TODAY = date(2026, 1, 31)
HORIZON = 60


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with small_forests():
        yield


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


def computed(actor: Actor, horizon: int = HORIZON) -> Job:
    parameters = {"horizon": horizon}
    with db.transaction(actor) as session:
        job = analyses.ask(session, "churn", "Churn", parameters, as_of=TODAY)
    run_here(job.id)
    with db.reading(actor) as session:
        return db.get(session, Job, job.id)


def latest(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        found = analyses.latest(session, "churn")
    assert found is not None
    return found


def table(actor: Actor, name: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        return analyses.table(session, latest(actor).id, name)


@pytest.mark.slow
def test_orders_become_scores_of_every_buyer(admin: Actor) -> None:
    ids = shop(200)
    make.customer(name="Never bought")

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    summary = latest(admin).summary
    assert (summary["method"], summary["customers"]) == ("model", 200)
    assert (summary["learned_on"], summary["judged_on"]) == ("2025-10-03", "2025-12-02")
    for model in ("logistic", "forest"):
        assert sorted(table(admin, f"scores_{model}")["customer_id"]) == ids
    names = ["logistic", "forest", "recency", "base_rate"]
    assert list(summary["models"]) == names
    for curve in ("reliability", "gains", "roc"):
        assert table(admin, curve)["model"].unique().tolist() == names


@pytest.mark.slow
def test_what_happens_after_the_day_changes_nothing(admin: Actor) -> None:
    ids = shop(200)
    computed(admin)
    before = {m: table(admin, f"scores_{m}") for m in ("logistic", "forest")}
    figures = latest(admin).summary

    with db.transaction(SYSTEM) as session:
        for customer_id in ids[::2]:
            session.add(order(customer_id, TODAY + timedelta(days=1)))
    shop_later = make.customer(name="Later")
    make.saved(order(shop_later.id, TODAY + timedelta(days=5)))
    computed(admin)

    assert latest(admin).summary == figures
    for model, scores in before.items():
        pd.testing.assert_frame_equal(table(admin, f"scores_{model}"), scores)


def test_orders_of_the_day_itself_count(admin: Actor) -> None:
    first, second = shop(2)
    make.saved(order(first, TODAY))
    make.saved(order(first, TODAY - timedelta(days=30)))
    make.saved(order(second, TODAY - timedelta(days=400)))

    computed(admin)

    scores = table(admin, "scores_rule").set_index("customer_id")
    assert scores.loc[first, "recency"] == 0


def test_a_few_customers_get_a_rule_score_and_the_reason_for_it(admin: Actor) -> None:
    customer = make.customer()
    for back in (50, 40, 30):
        make.saved(order(customer.id, TODAY - timedelta(days=back)))

    computed(admin)

    summary = latest(admin).summary
    assert (summary["method"], summary["models"]) == ("rule", {})
    assert "plain rule" in summary["why_rule"]["text"]
    # Last order 30 days ago, usual gap of 10.
    assert table(admin, "scores_rule")["overdue"].tolist() == [3]


@pytest.mark.parametrize(
    ("orders", "horizon", "words"),
    [(0, 60, "No customer has ordered"), (1, 60, "ordered twice"), (1, 5, "7 to 730")],
)
def test_what_cannot_be_done_is_told(
    admin: Actor, orders: int, horizon: int, words: str
) -> None:
    customer = make.customer()
    for _order in range(orders):
        make.saved(order(customer.id, TODAY))

    job = computed(admin, horizon)

    assert job.state is JobState.FAILED
    assert words in (job.error or "")


def test_who_sees_only_some_customers_has_scores_of_these_alone(
    admin: Actor, alice: Actor
) -> None:
    hers = shop(3, owner=alice)
    shop(3, seed=2, owner=admin)

    computed(alice)

    assert sorted(table(alice, "scores_rule")["customer_id"]) == hers
