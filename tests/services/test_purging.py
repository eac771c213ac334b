"""E11, deleting for good: all that hangs on a record goes, the books stay right."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm import db
from crm.db.chain import verify
from crm.errors import Forbidden, RuleBroken
from crm.models import (
    SYSTEM,
    Activity,
    Actor,
    Change,
    Contact,
    ContactPoint,
    Customer,
    CustomKind,
    CustomValue,
    Deed,
    Favourite,
    Operation,
    Order,
    OrderLine,
    Reason,
    Segment,
    SegmentKind,
    SegmentMember,
    Tag,
    Tagging,
)
from crm.services import purging, undo
from crm.services.admin import custom_fields
from crm.services.customers import customers, favourites, tags
from tests import make
from tests.make import NOON
from tests.state import fingerprint

LONG_AGO = NOON - timedelta(days=31)


def purge(actor: Actor, entity: str, *ids: int) -> purging.Purged:
    with db.transaction(actor) as session:
        return purging.purge(session, entity, ids)


def expire(days: int = 30, limit: int = 500) -> purging.Purged:
    with db.transaction(SYSTEM) as session:
        return purging.purge_expired(session, at=NOON, days=days, limit=limit)


def count(table: type) -> int:
    with db.reading(SYSTEM) as session:
        statement = select(func.count()).select_from(table)
        return session.scalar(statement, execution_options=db.everything)


@pytest.fixture
def furnished(alice: Actor, admin: Actor) -> Customer:
    """A deleted customer of Alice's with all that can hang on one, but orders."""
    customer = make.customer(alice, name="Gone", deleted_at=LONG_AGO)
    make.activity(customer)
    deleted = make.contact(customer, last_name="Deleted", deleted_at=LONG_AGO)
    make.activity(customer, contact_id=deleted.id)
    make.contact(customer, last_name="Alive")
    make.customer(alice, name="Branch", parent_id=customer.id)
    segment = make.saved(Segment(name="All", kind=SegmentKind.STATIC))
    make.saved(SegmentMember(segment_id=segment.id, customer_id=customer.id))
    make.saved(
        ContactPoint(
            entity="customer",
            record_id=customer.id,
            kind="phone",
            type="work",
            content="1",
        )
    )
    tag = make.saved(Tag(name="VIP"))
    for entity, key in (("customer", customer.id), ("contact", deleted.id)):
        make.saved(Tagging(tag_id=tag.id, entity=entity, record_id=key))
    with db.transaction(SYSTEM) as session:
        custom_fields.add(session, "customer", "Size", CustomKind.TEXT)
        custom_fields.store(session, "customer", customer.id, {"x_size": "L"})
    with db.transaction(alice) as session:
        favourites.star(session, "customer", customer.id)
    return customer


@pytest.mark.slow
def test_all_that_hangs_on_a_customer_goes_with_it(
    furnished: Customer, admin: Actor
) -> None:
    assert purge(admin, "customer", furnished.id) == purging.Purged(1)

    gone = (Activity, Tagging, ContactPoint, CustomValue, SegmentMember, Favourite)
    assert [count(table) for table in gone] == [0] * len(gone)
    assert (count(Customer), count(Contact), count(Tag)) == (1, 1, 1)


@pytest.mark.slow
def test_who_stays_lets_go(
    furnished: Customer, admin: Actor, alice: Actor, charlie: Actor
) -> None:
    purge(admin, "customer", furnished.id)

    with db.reading(alice) as session:
        contact = session.scalars(select(Contact)).one()
        branch = session.scalars(select(Customer)).one()
    assert (contact.last_name, contact.customer_id) == ("Alive", None)
    assert (branch.name, branch.parent_id) == ("Branch", None)
    with db.reading(charlie) as session:  # no owner would mean everyone's
        assert session.scalars(select(Contact)).all() == []


@pytest.mark.slow
def test_a_purge_is_in_the_log(furnished: Customer, admin: Actor) -> None:
    purge(admin, "customer", furnished.id)

    with db.reading(SYSTEM) as session:
        newest = select(Operation).order_by(Operation.id.desc()).limit(1)
        operation = session.scalars(newest).one()
        changes = session.scalars(
            select(Change).where(Change.operation_id == operation.id)
        ).all()
        assert verify(session).why is None
    assert (operation.reason, operation.actor_name) == (Reason.PURGE, "Ada")
    deleted = sorted(c.entity for c in changes if c.deed is Deed.DELETE)
    assert deleted == [
        "activity",
        "activity",
        "contact",
        "contact_point",
        "custom_value",
        "customer",
        "tagging",
        "tagging",
    ]
    [row] = [c for c in changes if c.entity == "customer" and c.deed is Deed.DELETE]
    assert row.before["name"] == "Gone"


def test_what_was_purged_does_not_come_back(furnished: Customer, admin: Actor) -> None:
    with db.transaction(admin) as session:
        purging.purge(session, "customer", [furnished.id])
    operation = db.operation_of(session)

    with pytest.raises(RuleBroken), db.transaction(admin) as session:
        undo.undo(session, operation)


def test_a_new_customer_inherits_nothing(furnished: Customer, admin: Actor) -> None:
    purge(admin, "customer", furnished.id)

    new = make.customer(name="New")

    assert new.id > furnished.id
    with db.reading(admin) as session:
        assert tags.tags_of(session, "customer", [new.id]) == {}


def test_whoever_has_orders_stays_for_the_books(admin: Actor) -> None:
    buyer = make.customer(name="Buyer", deleted_at=LONG_AGO)
    other = make.customer(name="Other", deleted_at=LONG_AGO)
    product = make.product(name="Lamp", deleted_at=LONG_AGO)
    make.order(buyer, (product, 1, "5"))

    purged = purge(admin, "customer", buyer.id, other.id)

    assert purged.done == 1
    assert len(purged.kept) == 1
    assert "Buyer" in purged.kept[0]
    assert "Lamp" in purge(admin, "product", product.id).kept[0]
    assert count(Customer) == count(Order) == 1


def test_an_order_goes_with_its_lines(admin: Actor) -> None:
    product = make.product()
    order = make.order(make.customer(), (product, 1, "5"), deleted_at=LONG_AGO)

    purge(admin, "sales_order", order.id)

    assert (count(Order), count(OrderLine), count(Customer)) == (0, 0, 1)


def test_a_custom_field_goes_with_its_values(admin: Actor) -> None:
    customer = make.customer()
    with db.transaction(SYSTEM) as session:
        field = custom_fields.add(session, "customer", "Size", CustomKind.TEXT)
        custom_fields.store(session, "customer", customer.id, {"x_size": "L"})
        custom_fields.remove(session, field.id)

    purge(admin, "custom_field", field.id)

    assert count(CustomValue) == 0


def test_only_what_is_in_the_bin_is_purged(admin: Actor) -> None:
    customer = make.customer()
    before = fingerprint()

    with pytest.raises(RuleBroken):
        purge(admin, "customer", customer.id)

    assert fingerprint() == before


def test_only_administrators_purge(alice: Actor, viewer: Actor) -> None:
    customer = make.customer(alice)
    with db.transaction(alice) as session:
        customers.remove(session, customer.id)

    for actor in (alice, viewer, make.actor("Mia", role="manager")):
        before = fingerprint()
        with pytest.raises(Forbidden):
            purge(actor, "customer", customer.id)

        assert fingerprint() == before


@pytest.mark.slow
def test_after_thirty_days_the_bin_is_emptied(admin: Actor) -> None:
    make.customer(name="Old", deleted_at=LONG_AGO)
    make.customer(name="Young", deleted_at=NOON - timedelta(days=29))
    make.customer(name="Alive")

    assert expire().done == 1
    with db.reading(SYSTEM) as session:
        names = session.scalars(select(Customer.name), execution_options=db.everything)
        assert set(names) == {"Young", "Alive"}
    assert expire().done == 0


def test_expired_orders_let_their_customer_go(admin: Actor) -> None:
    customer = make.customer(deleted_at=LONG_AGO)
    product = make.product(deleted_at=LONG_AGO)
    make.order(customer, (product, 1, "5"), deleted_at=LONG_AGO)
    buyer = make.customer(deleted_at=LONG_AGO)
    make.order(buyer, (make.product(), 1, "5"))

    assert expire().done == 3
    assert (count(Customer), count(Order)) == (1, 1)


def test_the_bin_is_emptied_piece_by_piece(admin: Actor) -> None:
    for _number in range(5):
        make.customer(deleted_at=LONG_AGO)

    assert [expire(limit=2).done for _round in range(4)] == [2, 2, 1, 0]
