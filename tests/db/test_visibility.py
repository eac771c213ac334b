"""Rows out of reach are not there."""

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from crm import db
from crm.errors import Forbidden, NotFound, RuleBroken
from crm.models import Actor, Contact, Customer, Order, utcnow
from tests import make


def names(actor: Actor) -> set[str]:
    with db.reading(actor) as session:
        return set(session.scalars(select(Customer.name)))


def test_own_team_and_all_rows(alice: Actor, bob: Actor, admin: Actor) -> None:
    make.customer(alice, name="Of Alice")
    make.customer(bob, name="Of Bob")
    make.customer(admin, name="Of Ada")

    assert names(alice) == {"Of Alice"}
    assert names(bob) == {"Of Alice", "Of Bob"}
    assert names(admin) == {"Of Alice", "Of Bob", "Of Ada"}


def test_nobodys_customer_is_in_everyones_reach(charlie: Actor) -> None:
    make.customer(name="Free")

    assert names(charlie) == {"Free"}


def test_a_foreign_customer_does_not_exist(alice: Actor, charlie: Actor) -> None:
    theirs = make.customer(alice)

    with db.reading(charlie) as session, pytest.raises(NotFound):
        db.get(session, Customer, theirs.id)


def test_contacts_and_orders_go_with_their_customer(
    alice: Actor, charlie: Actor
) -> None:
    theirs = make.customer(alice)
    make.contact(theirs)
    make.order(theirs, (make.product(), 1, "5"))

    for entity in (Contact, Order):
        count = select(func.count()).select_from(entity)
        with db.reading(alice) as session:
            assert session.scalar(count) == 1
        with db.reading(charlie) as session:
            assert session.scalar(count) == 0


def test_the_recycle_bin_is_out_of_sight(admin: Actor) -> None:
    gone = make.customer(deleted_at=utcnow())

    with db.reading(admin) as session:
        assert session.get(Customer, gone.id) is None
        found = session.get(Customer, gone.id, execution_options=db.everything)
        assert found is not None


def test_a_reader_cannot_write(viewer: Actor) -> None:
    customer = make.customer(name="Before")

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        db.get(session, Customer, customer.id).name = "After"

    assert names(viewer) == {"Before"}


def test_a_bulk_statement_is_refused(admin: Actor) -> None:
    make.customer(name="Before")

    with pytest.raises(RuleBroken), db.transaction(admin) as session:
        session.execute(update(Customer).values(name="After"))

    assert names(admin) == {"Before"}


def test_a_reading_session_cannot_save(admin: Actor) -> None:
    make.customer(name="Before")

    with db.reading(admin) as session:
        session.scalars(select(Customer)).one().name = "After"
        with pytest.raises(RuleBroken):
            session.flush()


def test_a_join_hides_what_is_out_of_reach(alice: Actor, charlie: Actor) -> None:
    make.order(make.customer(alice), (make.product(), 1, "5"))
    joined = select(Order.number).join(Customer, col(Order.customer_id) == Customer.id)

    with db.reading(charlie) as session:
        assert session.execute(joined).all() == []
