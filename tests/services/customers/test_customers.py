"""Customers: created, changed, handed over, put away."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import Actor, Change, Customer, CustomerFields, Deed, OrderKind
from crm.services.customers import customers
from tests import make


def create(actor: Actor, **fields: object) -> Customer:
    with db.transaction(actor) as session:
        return customers.create(session, CustomerFields.model_validate(fields))


def test_a_new_customer_belongs_to_who_made_it(alice: Actor) -> None:
    made = create(alice, name="Rhine Mills")

    assert made.owner_id == alice.user_id


def test_two_customers_cannot_share_an_e_mail(alice: Actor) -> None:
    create(alice, name="One", email="a@example.com")

    with pytest.raises(Duplicate):
        create(alice, name="Two", email="A@Example.com")


def test_a_deleted_customer_frees_its_e_mail(alice: Actor) -> None:
    first = create(alice, name="One", email="a@example.com")
    with db.transaction(alice) as session:
        customers.remove(session, first.id)

    assert create(alice, name="Two", email="a@example.com").id != first.id


def test_a_change_that_meets_another_one_is_refused(alice: Actor) -> None:
    made = create(alice, name="Before")
    with db.transaction(alice) as session:
        customers.update(session, made.id, {"city": "Bonn"}, version=1)

    with pytest.raises(Stale), db.transaction(alice) as session:
        customers.update(session, made.id, {"city": "Ulm"}, version=1)

    with db.reading(alice) as session:
        assert db.get(session, Customer, made.id).city == "Bonn"


def test_a_change_is_logged_with_before_and_after(alice: Actor) -> None:
    made = create(alice, name="Before", city="Bonn")

    with db.transaction(alice) as session:
        customers.update(session, made.id, {"city": "Ulm"})

    with db.reading(alice) as session:
        logged = select(Change).where(col(Change.deed) == Deed.UPDATE)
        change = session.scalars(logged).one()
    assert (change.before, change.after) == ({"city": "Bonn"}, {"city": "Ulm"})


def test_a_foreign_customer_cannot_be_changed(alice: Actor, charlie: Actor) -> None:
    theirs = make.customer(alice)

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        customers.update(session, theirs.id, {"name": "Mine"})


def test_a_customer_cannot_be_put_below_one_out_of_reach(
    alice: Actor, charlie: Actor
) -> None:
    theirs = make.customer(alice)
    own = make.customer(charlie)

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        customers.update(session, own.id, {"parent_id": theirs.id})


def test_a_company_cannot_stand_above_itself(alice: Actor) -> None:
    top = make.customer(alice)
    below = make.customer(alice, parent_id=top.id)

    with pytest.raises(RuleBroken), db.transaction(alice) as session:
        customers.update(session, top.id, {"parent_id": below.id})


def test_server_owned_fields_cannot_be_set(alice: Actor) -> None:
    made = create(alice, name="Before")

    with pytest.raises(Invalid), db.transaction(alice) as session:
        customers.update(session, made.id, {"version": 7})


def test_a_reader_creates_nothing(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        create(viewer, name="Mine")


def test_purchases_count_sales_and_subtract_returns(alice: Actor) -> None:
    customer, product = make.customer(alice), make.product()
    make.order(customer, (product, 2, "10.10"))
    make.order(customer, (product, -1, "10.10"), kind=OrderKind.RETURN)

    with db.reading(alice) as session:
        bought = customers.purchases(session, customer.id)

    assert (bought.sales, bought.total.amount) == (1, Decimal("10.10"))


def test_only_customers_in_reach_are_handed_over(alice: Actor, charlie: Actor) -> None:
    own, theirs = make.customer(charlie), make.customer(alice)

    with db.transaction(charlie) as session:
        given = customers.hand_over(session, [own.id, theirs.id], None)

    assert given == 1
    with db.reading(alice) as session:
        assert db.get(session, Customer, theirs.id).owner_id == alice.user_id
