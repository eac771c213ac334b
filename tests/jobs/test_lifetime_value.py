"""Lifetime value from orders in the database to a stored result."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from crm import db
from crm.models import SYSTEM, Actor, JobState
from tests import make
from tests.results import TODAY, Results, order, shop

RESULTS = Results("lifetime_value", {"horizon": 180, "annual_rate": 0.1})
computed, latest, table = RESULTS.computed, RESULTS.latest, RESULTS.table


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
    on_record = {"basis": None}  # how much there is, of later days, too

    with db.transaction(SYSTEM) as session:
        for customer_id in ids[::2]:
            session.add(order(customer_id, TODAY + timedelta(days=1)))
    computed(admin)

    assert latest(admin).summary | on_record == figures | on_record
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
