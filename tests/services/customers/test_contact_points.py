"""Further e-mails and phones of a record."""

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, NotFound
from crm.models import Actor, PointKind
from crm.services.customers import contact_points
from tests import make


def added(actor: Actor, record_id: int, content: str, entity: str = "customer") -> int:
    kind = PointKind.EMAIL if "@" in content else PointKind.PHONE
    with db.transaction(actor) as session:
        point = contact_points.add(session, entity, record_id, kind, content)
    return point.id


def contents(actor: Actor, record_id: int, entity: str = "customer") -> list[str]:
    with db.reading(actor) as session:
        found = contact_points.of_record(session, entity, record_id)
    return [one.content for one in found]


def test_a_customer_has_several_addresses_and_numbers(alice: Actor) -> None:
    customer = make.customer(alice)

    added(alice, customer.id, "billing@example.com")
    added(alice, customer.id, "+49 30 1")

    assert contents(alice, customer.id) == ["billing@example.com", "+49 30 1"]


def test_those_of_a_contact_are_its_own(alice: Actor) -> None:
    customer = make.customer(alice)
    contact = make.contact(customer)

    added(alice, contact.id, "a@example.com", "contact")

    assert contents(alice, contact.id, "contact") == ["a@example.com"]
    assert contents(alice, customer.id) == []


def test_one_is_taken_off_again(alice: Actor) -> None:
    customer = make.customer(alice)
    point = added(alice, customer.id, "a@example.com")

    with db.transaction(alice) as session:
        contact_points.remove(session, point)

    assert contents(alice, customer.id) == []


@pytest.mark.parametrize("content", ["", "   ", "no address@", "a b@example.com"])
def test_what_is_no_address_is_refused(alice: Actor, content: str) -> None:
    customer = make.customer(alice)

    with db.transaction(alice) as session, pytest.raises(Invalid):
        contact_points.add(session, "customer", customer.id, PointKind.EMAIL, content)


def test_what_the_record_has_already_is_refused(alice: Actor) -> None:
    customer = make.customer(alice, email="a@example.com")

    with pytest.raises(Duplicate):
        added(alice, customer.id, "A@example.com")


def test_out_of_reach_nothing_is_seen_added_or_removed(
    alice: Actor, charlie: Actor
) -> None:
    customer = make.customer(alice)
    point = added(alice, customer.id, "a@example.com")

    with pytest.raises(NotFound):
        contents(charlie, customer.id)
    with pytest.raises(NotFound):
        added(charlie, customer.id, "b@example.com")
    with db.transaction(charlie) as session, pytest.raises(NotFound):
        contact_points.remove(session, point)
    assert contents(alice, customer.id) == ["a@example.com"]


def test_who_may_only_look_adds_nothing(viewer: Actor) -> None:
    customer = make.customer()

    with pytest.raises(Forbidden):
        added(viewer, customer.id, "a@example.com")
