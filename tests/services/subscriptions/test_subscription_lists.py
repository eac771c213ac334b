"""Subscriptions among other records: in reach, in lists, in the search, in the bin."""

from datetime import date

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Forbidden, NotFound
from crm.models import Actor, Customer, Subscription
from crm.services import lists, purging, search
from crm.services.subscriptions import subscriptions
from tests import make
from tests.services.subscriptions.test_subscriptions import LONG_AGO, changed, created


def test_they_follow_their_customer_out_of_sight(alice: Actor, charlie: Actor) -> None:
    made = created(alice, make.customer(alice))

    with db.reading(charlie) as session:
        assert session.scalar(select(func.count()).select_from(Subscription)) == 0
        with pytest.raises(NotFound):
            subscriptions.subscription(session, made.id)


def test_who_may_only_look_changes_nothing(alice: Actor, viewer: Actor) -> None:
    made = created(alice, make.customer(alice))

    with pytest.raises(Forbidden):
        changed(viewer, made, name="Mine")


@pytest.mark.slow
def test_the_list_knows_where_each_stands_today(alice: Actor) -> None:
    customer = make.customer(alice)
    for number, fields in {
        "later": {"starts_on": "2200-01-01"},
        "now": {"starts_on": LONG_AGO},
        "leaving": {
            "starts_on": LONG_AGO,
            "cancelled_on": LONG_AGO,
            "ends_on": "2200-01-01",
        },
        "gone": {"starts_on": LONG_AGO, "cancelled_on": LONG_AGO},
    }.items():
        created(alice, customer, number=number, **fields)

    with db.reading(alice) as session:
        query = lists.Query("subscription", sort="number", columns=("number", "state"))
        rows = lists.page(session, query, today=date(2026, 3, 1)).rows
        rule = {"field": "state", "op": "any", "value": ["ended"]}
        gone = lists.Query("subscription", rule=rule, columns=("number",))
        found = lists.page(session, gone, today=date(2026, 3, 1)).rows

    assert {row["number"]: row["state"] for row in rows} == {
        "gone": "ended", "later": "upcoming", "leaving": "cancelled", "now": "active",
    }  # fmt: skip
    assert [row["number"] for row in found] == ["gone"]


def test_a_search_finds_it_by_name(alice: Actor) -> None:
    created(alice, make.customer(alice), name="Service Vapore")

    with db.reading(alice) as session:
        hits = search.everywhere(session, "vapore")

    assert [(hit.entity, hit.name, hit.about) for hit in hits] == [
        ("subscription", "S-1", "Service Vapore")
    ]


@pytest.mark.slow
def test_a_customer_and_a_product_with_a_subscription_are_not_purged(
    admin: Actor,
) -> None:
    customer, product = make.customer(), make.product()
    made = created(admin, customer, product_id=product.id)
    with db.transaction(admin) as session:
        for table in (Customer, type(product)):
            for row in session.scalars(select(table)):
                row.deleted_at = make.NOON
    with db.transaction(admin) as session:
        kept = [
            *purging.purge(session, "customer", [customer.id]).kept,
            *purging.purge(session, "product", [product.id]).kept,
        ]
        expired = purging.purge_expired(session, at=make.NOON.replace(year=2027))

    assert len(kept) == 2
    assert expired.done == 0
    with db.transaction(admin) as session:
        row = session.get(Subscription, made.id, execution_options=db.everything)
        assert row is not None
        row.deleted_at = make.NOON
    with db.transaction(admin) as session:
        assert purging.purge_expired(session, at=make.NOON.replace(year=2027)).done == 3
