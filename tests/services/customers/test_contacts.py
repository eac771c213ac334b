"""Contacts: the people at customers, and what becomes of them."""

import pytest

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, Stale
from crm.models import Actor, Contact, ContactFields
from crm.services.customers import contacts
from tests import make


def create(actor: Actor, **fields: object) -> Contact:
    with db.transaction(actor) as session:
        return contacts.create(session, ContactFields.model_validate(fields))


def test_a_new_contact_belongs_to_who_made_it(alice: Actor) -> None:
    customer = make.customer(alice)

    made = create(alice, first_name="Ana", last_name="Costa", customer_id=customer.id)

    assert (made.owner_id, made.customer_id) == (alice.user_id, customer.id)
    assert made.name == "Ana Costa"


def test_contacts_may_share_an_e_mail(alice: Actor) -> None:
    first = create(alice, last_name="A", email="office@example.com")
    second = create(alice, last_name="B", email="office@example.com")

    assert first.id != second.id


def test_a_contact_moves_to_another_customer(alice: Actor) -> None:
    contact, target = make.contact(make.customer(alice)), make.customer(alice)

    with db.transaction(alice) as session:
        contacts.update(session, contact.id, {"customer_id": target.id})

    with db.reading(alice) as session:
        assert db.get(session, Contact, contact.id).customer_id == target.id


def test_a_contact_can_stand_alone(alice: Actor, charlie: Actor) -> None:
    made = create(alice, last_name="Free")

    with db.reading(charlie) as session, pytest.raises(NotFound):
        db.get(session, Contact, made.id)


def test_a_deleted_contact_is_gone(alice: Actor) -> None:
    contact = make.contact(make.customer(alice))

    with db.transaction(alice) as session:
        contacts.remove(session, contact.id, version=contact.version)

    with db.reading(alice) as session, pytest.raises(NotFound):
        db.get(session, Contact, contact.id)


def test_a_change_that_meets_another_one_is_refused(alice: Actor) -> None:
    contact = make.contact(make.customer(alice))
    with db.transaction(alice) as session:
        contacts.update(session, contact.id, {"role": "Buyer"}, version=1)

    with pytest.raises(Stale), db.transaction(alice) as session:
        contacts.update(session, contact.id, {"role": "Owner"}, version=1)


@pytest.mark.parametrize("changes", [{"last_name": ""}, {"id": 7}, {"role": "\x00"}])
def test_a_change_that_does_not_fit_is_refused(
    alice: Actor, changes: dict[str, object]
) -> None:
    contact = make.contact(make.customer(alice))

    with pytest.raises(Invalid), db.transaction(alice) as session:
        contacts.update(session, contact.id, changes)


def test_a_foreign_contact_cannot_be_touched(alice: Actor, charlie: Actor) -> None:
    theirs = make.contact(make.customer(alice))

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        contacts.update(session, theirs.id, {"role": "Mine"})
    with pytest.raises(NotFound), db.transaction(charlie) as session:
        contacts.remove(session, theirs.id)


def test_a_reader_deletes_nothing(viewer: Actor) -> None:
    contact = make.contact(make.customer())

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        contacts.remove(session, contact.id)
