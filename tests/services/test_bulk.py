"""The same change to many records: to those in reach, and to no other."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken
from crm.models import (
    Actor,
    Contact,
    Customer,
    CustomKind,
    Operation,
    Order,
    OrderStatus,
    Product,
)
from crm.services import bulk
from crm.services.admin import custom_fields
from tests import make


def edit(actor: Actor, entity: str, ids: list[int], name: str, value: Any) -> int:
    with db.transaction(actor) as session:
        return bulk.edit(session, entity, ids, name, value)


def city(actor: Actor, customer: Customer) -> str | None:
    with db.reading(actor) as session:
        return db.get(session, Customer, customer.id).city


def test_a_field_is_set_on_all_that_were_chosen(alice: Actor) -> None:
    chosen = [make.customer(alice, city="Bonn") for _ in range(3)]
    other = make.customer(alice, city="Bonn")

    done = edit(alice, "customer", [one.id for one in chosen], "city", " Ulm ")

    assert done == 3
    assert [city(alice, one) for one in (*chosen, other)] == ["Ulm"] * 3 + ["Bonn"]


def test_foreign_records_are_left_alone_and_not_counted(
    alice: Actor, charlie: Actor
) -> None:
    theirs, own = make.customer(alice, city="Bonn"), make.customer(charlie)
    ids = [theirs.id, own.id, own.id, 999_999, 2**63, -1]

    assert edit(charlie, "customer", ids, "city", "Ulm") == 1
    assert city(alice, theirs) == "Bonn"


def test_only_foreign_records_are_told_as_nothing(alice: Actor, charlie: Actor) -> None:
    theirs = make.customer(alice, city="Bonn")

    with pytest.raises(RuleBroken, match="None of these"):
        edit(charlie, "customer", [theirs.id], "city", "Ulm")
    with pytest.raises(RuleBroken), db.transaction(charlie) as session:
        bulk.remove(session, "customer", [theirs.id])

    assert city(alice, theirs) == "Bonn"


def test_foreign_records_are_not_deleted(alice: Actor, charlie: Actor) -> None:
    theirs, own = make.customer(alice), make.customer(charlie)

    with db.transaction(charlie) as session:
        assert bulk.remove(session, "customer", [theirs.id, own.id]) == 1

    with db.reading(alice) as session:
        assert db.get(session, Customer, theirs.id)
    with db.reading(charlie) as session, pytest.raises(NotFound):
        db.get(session, Customer, own.id)


def test_all_of_it_is_one_operation(alice: Actor) -> None:
    ids = [make.customer(alice).id for _ in range(3)]
    count = select(func.count()).select_from(Operation)
    with db.reading(alice) as session:
        before = session.scalar(count) or 0

    edit(alice, "customer", ids, "city", "Ulm")

    with db.reading(alice) as session:
        assert session.scalar(count) == before + 1


def test_one_value_that_does_not_fit_changes_nothing(alice: Actor) -> None:
    customers = [make.customer(alice, city="Bonn") for _ in range(2)]

    with pytest.raises(Invalid):
        edit(alice, "customer", [one.id for one in customers], "city", "x" * 101)

    assert [city(alice, one) for one in customers] == ["Bonn", "Bonn"]


@pytest.mark.slow
def test_what_cannot_be_set_on_many_is_refused(
    admin: Actor, subtests: pytest.Subtests
) -> None:
    customer, product = make.customer(), make.product()
    make.contact(customer)
    make.order(customer, (product, 1, "5"))
    with db.reading(admin) as session:
        tables = (Customer, Contact, Product, Order)
        ids = [one for table in tables for one in session.scalars(select(table.id))]

    for entity, name, value in [
        ("customer", "name", "Same"),
        ("customer", "email", "a@example.com"),
        ("customer", "parent_id", 1),
        ("customer", "version", 1),
        ("customer", "tags", ["a"]),
        ("customer", "order_total", 5),
        ("customer", "password_hash", "x"),
        ("customer", "kind", "club"),
        ("customer", "owner_id", "me"),
        ("customer", "owner_id", [1]),
        ("contact", "customer_id", 1),
        ("product", "price", "-1"),
        ("product", "active", "perhaps"),
        ("sales_order", "status", "lost"),
        ("sales_order", "status", ["confirmed"]),
        ("sales_order", "total", "5"),
        ("app_user", "role", "admin"),
        ("nothing", "name", "x"),
    ]:
        with (
            subtests.test(entity=entity, name=name, value=value),
            pytest.raises(Invalid),
        ):
            edit(admin, entity, ids, name, value)


def test_an_owner_who_is_not_there_is_refused(alice: Actor) -> None:
    customer = make.customer(alice)

    with pytest.raises(NotFound):
        edit(alice, "customer", [customer.id], "owner_id", 999_999)


def test_records_are_given_to_somebody_and_to_nobody(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice)

    edit(alice, "customer", [customer.id], "owner_id", str(bob.user_id))
    edit(bob, "customer", [customer.id], "owner_id", None)

    with db.reading(bob) as session:
        assert db.get(session, Customer, customer.id).owner_id is None


def test_orders_are_cancelled_in_bulk(alice: Actor) -> None:
    order = make.order(make.customer(alice), (make.product(), 1, "5"))

    edit(alice, "sales_order", [order.id], "status", "cancelled")

    with db.reading(alice) as session:
        found = session.scalars(select(Order).where(col(Order.id) == order.id)).one()
        assert found.status is OrderStatus.CANCELLED


def test_a_custom_field_is_set_on_many(admin: Actor) -> None:
    customers = [make.customer() for _ in range(2)]
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Seats", CustomKind.NUMBER)

    edit(admin, "customer", [one.id for one in customers], "x_seats", "0.1")

    with db.reading(admin) as session:
        held = [
            custom_fields.values(session, "customer", one.id)["x_seats"]
            for one in customers
        ]
    assert [str(one.normalize()) for one in held] == ["0.1", "0.1"]


def test_a_reader_changes_nothing(viewer: Actor) -> None:
    customer = make.customer(city="Bonn")

    with pytest.raises(Forbidden):
        edit(viewer, "customer", [customer.id], "city", "Ulm")

    assert city(viewer, customer) == "Bonn"


def test_more_than_a_hundred_thousand_are_refused(alice: Actor) -> None:
    with pytest.raises(Invalid, match="100000"):
        edit(alice, "customer", list(range(100_001)), "city", "Ulm")
