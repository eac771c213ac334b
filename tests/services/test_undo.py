"""Undo: the way back from one operation, and back again."""

import pytest
from sqlmodel import Session

from crm import db
from crm.errors import Forbidden
from crm.models import Actor, Customer, Reason
from crm.services import bulk, customers, tags, undo
from tests import make


def did(session: Session) -> int:
    operation = db.operation_of(session)
    assert operation is not None
    return operation


def undone(actor: Actor, operation: int) -> tuple[undo.Undone, int]:
    with db.transaction(actor, reason=Reason.UNDO) as session:
        result = undo.undo(session, operation)
    return result, did(session)


def city(actor: Actor, customer: Customer) -> str | None:
    with db.reading(actor) as session:
        return db.get(session, Customer, customer.id).city


def test_an_edit_goes_back_and_forth(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"city": "Ulm"})

    result, again = undone(alice, did(session))
    assert (result.done, result.skipped, city(alice, customer)) == (1, [], "Bonn")

    undone(alice, again)
    assert city(alice, customer) == "Ulm"


def test_what_has_changed_since_stays(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"city": "Ulm"})
    first = did(session)
    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"city": "Kiel"})

    with db.transaction(alice, reason=Reason.UNDO) as session:
        result = undo.undo(session, first)

    assert len(result.skipped) == 1
    assert city(alice, customer) == "Kiel"


def test_a_bulk_delete_comes_back(alice: Actor) -> None:
    gone = [make.customer(alice).id for _number in range(3)]
    with db.transaction(alice, reason=Reason.BULK) as session:
        bulk.remove(session, "customer", gone)

    result, _operation = undone(alice, did(session))

    assert result.done == 3
    with db.reading(alice) as session:
        assert all(session.get(Customer, one) for one in gone)


def test_a_tag_that_was_taken_comes_back(alice: Actor) -> None:
    customer = make.customer(alice)
    with db.transaction(alice) as session:
        tags.put(session, "customer", [customer.id], ["VIP"])
    with db.transaction(alice) as session:
        tags.take(session, "customer", [customer.id], ["VIP"])

    undone(alice, did(session))

    with db.reading(alice) as session:
        held = tags.tags_of(session, "customer", [customer.id])
    assert [tag.name for tag in held[customer.id]] == ["VIP"]


def test_a_created_customer_goes_to_the_bin(alice: Actor) -> None:
    with db.transaction(alice) as session:
        made = customers.create(session, customers.CustomerFields(name="Oops"))

    undone(alice, did(session))

    with db.reading(alice) as session:
        assert session.get(Customer, made.id) is None


def test_nobody_undoes_what_somebody_else_did(alice: Actor, bob: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice) as session:
        customers.update(session, customer.id, {"city": "Ulm"})

    with pytest.raises(Forbidden):
        undone(bob, did(session))

    assert city(alice, customer) == "Ulm"
