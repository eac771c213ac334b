"""Cohorts from orders in the database to a stored result."""

from datetime import date

import pytest

from crm import warehouse
from crm.analytics.cohorts.cohorts import Question, retention
from crm.frames import COHORT_CELLS, COHORT_CUSTOMERS, COHORT_GROUPS
from crm.models import Actor, Customer, JobState, OrderKind
from tests import make
from tests.results import Results
from tests.warehouse.copies import order

DAY = date(2026, 4, 15)

RESULTS = Results("cohorts", {}, as_of=DAY)
computed, latest, table = RESULTS.computed, RESULTS.latest, RESULTS.table


def bought(customer: Customer, *days: str, price: str = "10") -> None:
    product = make.product()
    for day in days:
        order(customer, day, (product, 1, price))


@pytest.mark.slow
def test_orders_become_cohorts(admin: Actor) -> None:
    web = make.customer(source="web")
    bought(web, "2026-01-10", "2026-02-10", "2026-02-20")
    bought(make.customer(), "2026-01-20", "2026-03-31", "2026-04-30")
    make.customer(name="Never bought")

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    summary = latest(admin).summary
    assert (summary["customers"], summary["early"]) == (2, 0)
    assert summary["retention"] == [0.5, 0.5]
    cells = retention(table(admin, "cells"), Question(DAY, measure="orders")).cells
    assert cells["orders"].tolist() == [2, 2, 1, 0]
    assert table(admin, "customers")["active"].tolist() == [0b11, 0b101]


@pytest.mark.slow
def test_returns_lessen_revenue_and_make_nobody_active(admin: Actor) -> None:
    customer = make.customer()
    desk = make.product()
    order(customer, "2026-01-10", (desk, 1, "80"))
    order(customer, "2026-02-10", (desk, -1, "80"), kind=OrderKind.RETURN)

    computed(admin)

    question = Question(DAY, measure="revenue")
    cells = retention(table(admin, "cells"), question).cells
    assert cells["value"].tolist() == [1, -1, 0, 0]
    assert cells["active"].tolist() == [1, 0, 0, 0]


@pytest.mark.slow
def test_whoever_was_entered_before_the_records_began_is_early(admin: Actor) -> None:
    old = make.customer(created_at=make.NOON.replace(year=2020))
    bought(old, "2026-01-10")
    bought(make.customer(), "2026-01-20")

    computed(admin)

    assert table(admin, "customers")["early"].tolist() == [True, False]
    assert latest(admin).summary["early"] == 1


@pytest.mark.slow
def test_who_sees_only_some_customers_has_cohorts_of_these(
    admin: Actor, alice: Actor
) -> None:
    mine, other = make.customer(alice), make.customer(admin)
    for customer in (mine, other):
        bought(customer, "2026-01-10", "2026-02-10")

    computed(alice)

    assert table(alice, "customers")["customer_id"].tolist() == [mine.id]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "bought for the first time since 2021-04-01"),
        (["2026-04-02", "2026-04-10"], "is over yet"),
        (["2026-05-01"], "bought for the first time since 2021-04-01"),
        (["2011-12-09", "2026-01-10"], "bought for the first time since 2021-04-01"),
    ],
    ids=["no orders", "the running month alone", "later alone", "years ago alone"],
)
@pytest.mark.slow
def test_too_little_is_said_in_words(admin: Actor, days: list[str], words: str) -> None:
    bought(make.customer(), *days)

    job = computed(admin)

    assert job.state is JobState.FAILED
    assert words in (job.error or "")


@pytest.mark.slow
def test_tables_are_typed_also_when_empty(database: str) -> None:
    warehouse.refresh()
    with warehouse.reading() as house:
        found = house.cohorts(DAY)

    for frame, schema in (
        (found.cells, COHORT_CELLS),
        (found.groups, COHORT_GROUPS),
        (found.customers, COHORT_CUSTOMERS),
    ):
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == schema
        assert frame.empty
