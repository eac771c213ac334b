"""E11, the recycle bin: deleted records come back with what hangs on them."""

from collections.abc import Callable

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, RuleBroken
from crm.models import (
    SYSTEM,
    Activity,
    Actor,
    Contact,
    Customer,
    Operation,
    Order,
    Reason,
    Segment,
    SegmentKind,
    utcnow,
)
from crm.services import recycle_bin
from crm.services.admin import custom_fields
from crm.services.customers import customers, tags
from tests import make
from tests.state import fingerprint


def delete(actor: Actor, customer: Customer) -> None:
    with db.transaction(actor) as session:
        customers.remove(session, customer.id)


def restore(actor: Actor, customer: Customer, *others: Customer) -> int | None:
    ids = [one.id for one in (customer, *others)]
    with db.transaction(actor) as session:
        recycle_bin.restore(session, "customer", ids)
    return db.operation_of(session)


def in_the_bin(actor: Actor, entity: str = "customer", **options: object) -> list[str]:
    with db.reading(actor) as session:
        rows = recycle_bin.listed(session, entity, **options)
        return [getattr(row, "name", None) or row.subject for row in rows]


def test_a_customer_comes_back_with_what_hangs_on_it(alice: Actor) -> None:
    customer = make.customer(alice, name="Gone", city="Bonn")
    contact = make.contact(customer)
    order = make.order(customer, (make.product(), 1, "5"))
    note = make.activity(customer)
    branch = make.customer(alice, parent_id=customer.id)
    with db.transaction(alice) as session:
        tags.put(session, "customer", [customer.id], ["VIP"])
    delete(alice, customer)
    assert in_the_bin(alice) == ["Gone"]

    restore(alice, customer)

    assert in_the_bin(alice) == []
    with db.reading(alice) as session:
        assert db.get(session, Customer, customer.id).city == "Bonn"
        assert db.get(session, Contact, contact.id).customer_id == customer.id
        assert db.get(session, Order, order.id).customer_id == customer.id
        assert db.get(session, Activity, note.id).customer_id == customer.id
        assert db.get(session, Customer, branch.id).parent_id == customer.id
        assert len(tags.tags_of(session, "customer", [customer.id])) == 1


def test_a_custom_field_comes_back_with_its_values(admin: Actor) -> None:
    customer = make.customer()
    with db.transaction(admin) as session:
        field = custom_fields.add(
            session, "customer", "Size", custom_fields.CustomKind.TEXT
        )
        custom_fields.store(session, "customer", customer.id, {"x_size": "L"})
    with db.transaction(admin) as session:
        custom_fields.remove(session, field.id)

    with db.transaction(admin) as session:
        recycle_bin.restore(session, "custom_field", [field.id])

    with db.reading(admin) as session:
        held = custom_fields.values(session, "customer", customer.id)
    assert held == {"x_size": "L"}


def test_restoring_is_logged_as_such(alice: Actor) -> None:
    customer = make.customer(alice)
    delete(alice, customer)

    operation = restore(alice, customer)

    with db.reading(SYSTEM) as session:
        assert session.get(Operation, operation).reason is Reason.RESTORE


def test_the_last_deleted_comes_first_page_by_page(alice: Actor) -> None:
    for name in "abcde":
        delete(alice, make.customer(alice, name=name))

    assert in_the_bin(alice, limit=2) == ["e", "d"]
    assert in_the_bin(alice, limit=2, page=3) == ["a"]
    with db.reading(alice) as session:
        assert recycle_bin.count(session, "customer") == 5


@pytest.mark.parametrize(
    ("entity", "made"),
    [
        ("customer", lambda: make.customer(name="Élan", deleted_at=utcnow())),
        (
            "segment",
            lambda: make.saved(
                Segment(name="Élan", kind=SegmentKind.STATIC, deleted_at=utcnow())
            ),
        ),
        (
            "activity",
            lambda: make.activity(make.customer(), subject="Élan", deleted_at=utcnow()),
        ),
    ],
)
def test_the_bin_is_searched(
    admin: Actor, entity: str, made: Callable[[], object]
) -> None:
    made()

    assert in_the_bin(admin, entity, search="elan") == ["Élan"]
    assert in_the_bin(admin, entity, search="other") == []


def test_the_bin_says_who_threw_it_away(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice)
    for actor in (alice, bob):
        delete(actor, customer)
        if actor is alice:
            restore(alice, customer)

    with db.reading(alice) as session:
        editors = recycle_bin.deleted_by(session, "customer", [customer.id])

    assert editors[customer.id].name == "Bob"


def test_a_foreign_bin_is_empty_and_closed(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice)
    delete(alice, customer)

    assert in_the_bin(charlie) == []
    with pytest.raises(RuleBroken):
        restore(charlie, customer)
    with db.reading(charlie) as session:
        assert recycle_bin.count(session, "customer") == 0
        assert recycle_bin.deleted_by(session, "customer", [customer.id]) == {}


def test_an_e_mail_taken_meanwhile_is_told_by_its_owner(alice: Actor) -> None:
    other = make.customer(alice)
    customer = make.customer(alice, email="a@example.com")
    for one in (other, customer):
        delete(alice, one)
    make.customer(alice, name="New owner", email="A@example.com")
    before = fingerprint()

    with pytest.raises(Duplicate, match=r"a@example.com.*New owner"):
        restore(alice, other, customer)

    assert fingerprint() == before


def test_two_with_one_number_do_not_both_come_back(alice: Actor) -> None:
    first = make.customer(alice, external_id="7", deleted_at=utcnow())
    second = make.customer(alice, external_id="7", deleted_at=utcnow())

    with pytest.raises(Duplicate, match="7"):
        restore(alice, first, second)
    restore(alice, second)


def test_a_reader_restores_nothing(alice: Actor, viewer: Actor) -> None:
    customer = make.customer(alice)
    delete(alice, customer)
    before = fingerprint()

    with pytest.raises(Forbidden):
        restore(viewer, customer)

    assert fingerprint() == before


def test_what_has_no_bin_is_told(admin: Actor) -> None:
    for entity in ("tag", "nothing"):
        with db.reading(admin) as session, pytest.raises(Invalid):
            recycle_bin.listed(session, entity)


def test_what_lies_in_the_bin_is_found_by_whoever_could_see_it(
    alice: Actor, charlie: Actor, viewer: Actor
) -> None:
    customer = make.customer(alice, name="Rhine Mills")

    def found_by(actor: Actor) -> bool:
        with db.reading(actor) as session:
            return recycle_bin.find(session, Customer, customer.id) is not None

    assert not found_by(alice)  # it is not in the bin
    delete(alice, customer)

    assert [found_by(one) for one in (alice, viewer, charlie)] == [True, True, False]


@pytest.mark.parametrize("key", [0, -1, 2**63, "", "1"])
def test_a_key_that_is_none_is_not_in_the_bin(admin: Actor, key: object) -> None:
    with db.reading(admin) as session:
        assert recycle_bin.find(session, Customer, key) is None
        assert recycle_bin.find(session, Operation, 1) is None
