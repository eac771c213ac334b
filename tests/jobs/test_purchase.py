"""Next purchases from orders in the database to a stored result."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm import db
from crm.models import SYSTEM, Actor, JobState, Order
from crm.services.analysis_kinds import USUAL
from tests import make
from tests.results import TODAY, Results, order, shop

RESULTS = Results("purchase", {"horizon": 60})
computed, latest, table = RESULTS.computed, RESULTS.latest, RESULTS.table


@pytest.mark.slow
def test_orders_become_predictions_for_every_buyer(admin: Actor) -> None:
    ids = shop(250)
    make.customer(name="Never bought")

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    summary, customers = latest(admin).summary, table(admin, "customers")
    assert sorted(customers["customer_id"]) == ids
    assert customers["probability"].is_monotonic_decreasing
    best = summary["best_amount"]
    total = summary["totals"][best]["value"]
    assert customers[best].sum() == pytest.approx(total, rel=1e-4)
    buyers = summary["buyers"]["value"]
    assert customers["probability"].sum() == pytest.approx(buyers, rel=1e-4)
    assert summary["judged_on"] == "2025-12-02"  # 60 days before
    assert summary["learned_on"] == "2025-10-03"
    assert set(table(admin, "deciles")["model"]) == set(summary["accuracies"])
    assert set(table(admin, "reliability")["model"]) == set(summary["chances"])


@pytest.mark.slow
def test_what_was_expected_then_is_held_against_what_came(admin: Actor) -> None:
    shop(250)
    computed(admin)
    summary = latest(admin).summary

    with db.reading(SYSTEM) as session:
        orders = pd.read_sql_table("sales_order", session.connection())
    day = pd.to_datetime(orders["ordered_at"]).dt.tz_localize(None).dt.normalize()
    judged_on = pd.Timestamp("2025-12-02")
    known = orders["customer_id"].isin(orders["customer_id"][day <= judged_on])
    came = orders[known & (day > judged_on) & (day <= pd.Timestamp(TODAY))]

    assert summary["judged_from"][1] == came["customer_id"].nunique()
    actual = summary["accuracies"]["tweedie"]["actual"]
    assert actual == pytest.approx(100 * len(came))  # each of 100


@pytest.mark.slow
def test_what_happens_after_the_day_changes_nothing(admin: Actor) -> None:
    ids = shop(250)
    computed(admin)
    before = table(admin, "customers")

    with db.transaction(SYSTEM) as session:
        for customer_id in ids[::2]:
            session.add(order(customer_id, TODAY + timedelta(days=1)))
    computed(admin)

    pd.testing.assert_frame_equal(table(admin, "customers"), before)


@pytest.mark.parametrize(
    ("backs", "changed", "words"),
    [
        ((), {}, "nobody to score"),
        ((0, 0, 0), {}, "there were 0 and 0"),
        ((200, 100, 50), {}, "at least 50 customers who ordered again"),
        ((200, 100), {"horizon": 5}, "from 7 to 730"),
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
def test_returns_without_end_are_told(admin: Actor) -> None:
    """Each customer sends back more than it buys."""
    ids = shop(250)
    with db.transaction(SYSTEM) as session:
        session.add_all(sent_back(one, back) for one in ids for back in (1, 70))

    job = computed(admin)

    assert job.state is JobState.FAILED
    assert "as much was sent back as was bought" in (job.error or "")


def sent_back(customer_id: int, back: int) -> Order:
    made = order(customer_id, date.fromordinal(TODAY.toordinal() - back))
    made.kind, made.total = "return", Decimal(-5000)
    return made


@pytest.mark.slow
def test_who_sees_only_some_customers_has_predictions_for_these_alone(
    admin: Actor, alice: Actor
) -> None:
    hers = shop(220, owner=alice)
    shop(40, seed=2, owner=admin)

    computed(alice)

    assert sorted(table(alice, "customers")["customer_id"]) == hers


def test_a_new_company_has_it_computed_for_30_days() -> None:
    assert USUAL["purchase"][1] == {"horizon": 30}
