"""The recycle bin: deleted records come back with what hangs on them."""

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, RuleBroken
from crm.models import Actor, Customer
from crm.services import customers, recycle_bin
from tests import make


def delete(actor: Actor, customer: Customer) -> None:
    with db.transaction(actor) as session:
        customers.remove(session, customer.id)


def restore(actor: Actor, customer: Customer) -> None:
    with db.transaction(actor) as session:
        recycle_bin.restore(session, "customer", [customer.id])


def in_the_bin(actor: Actor) -> list[str]:
    with db.reading(actor) as session:
        return [row.name for row in recycle_bin.listed(session, "customer")]


def test_a_customer_comes_back_with_its_contacts(alice: Actor) -> None:
    customer = make.customer(alice, name="Gone")
    make.contact(customer, last_name="Weber")
    delete(alice, customer)
    assert in_the_bin(alice) == ["Gone"]

    restore(alice, customer)

    assert in_the_bin(alice) == []
    with db.reading(alice) as session:
        found = customers.contacts(session, customer.id)
    assert [contact.last_name for contact in found] == ["Weber"]


def test_a_foreign_bin_is_empty_and_closed(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice)
    delete(alice, customer)

    assert in_the_bin(charlie) == []
    with pytest.raises(RuleBroken):
        restore(charlie, customer)


def test_an_e_mail_taken_meanwhile_is_told(alice: Actor) -> None:
    customer = make.customer(alice, email="a@example.com")
    delete(alice, customer)
    make.customer(alice, email="a@example.com")

    with pytest.raises(Duplicate):
        restore(alice, customer)


def test_a_reader_restores_nothing(alice: Actor, viewer: Actor) -> None:
    customer = make.customer(alice)
    delete(alice, customer)

    with pytest.raises(Forbidden):
        restore(viewer, customer)
