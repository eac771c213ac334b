"""What is done to many records at once is done to those in reach, and counted.

A5. Editing and deleting many are in `tests/services/test_bulk.py`, handing over in
`test_customers.py`, segments in `test_segments.py`.
"""

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import RuleBroken
from crm.models import SYSTEM, Actor, Customer, utcnow
from crm.services import recycle_bin
from crm.services.customers import tags
from tests import make
from tests.state import fingerprint


def tagged(customer_id: int) -> list[str]:
    with db.reading(SYSTEM) as session:
        found = tags.tags_of(session, "customer", [customer_id])
    return [tag.name for tag in found.get(customer_id, [])]


@pytest.fixture
def foreign(alice: Actor) -> Customer:
    """Alice's, tagged, out of Charlie's reach."""
    customer = make.customer(alice)
    with db.transaction(alice) as session:
        tags.put(session, "customer", [customer.id], ["Hers"])
    return customer


@pytest.fixture
def own(charlie: Actor) -> Customer:
    return make.customer(charlie)


def test_tags_are_put_on_own_records(
    charlie: Actor, foreign: Customer, own: Customer
) -> None:
    with db.transaction(charlie) as session:
        done = tags.put(session, "customer", [foreign.id, own.id], ["VIP"])

    assert (done, tagged(own.id), tagged(foreign.id)) == (1, ["VIP"], ["Hers"])


def test_tags_are_taken_off_own_records(
    charlie: Actor, foreign: Customer, own: Customer
) -> None:
    with db.transaction(charlie) as session:
        tags.put(session, "customer", [own.id], ["Hers"])

    with db.transaction(charlie) as session:
        done = tags.take(session, "customer", [foreign.id, own.id], ["Hers"])

    assert (done, tagged(own.id), tagged(foreign.id)) == (1, [], ["Hers"])


def test_own_records_come_back_from_the_bin(alice: Actor, charlie: Actor) -> None:
    gone = [make.customer(who, deleted_at=utcnow()) for who in (alice, charlie)]

    with db.transaction(charlie) as session:
        done = recycle_bin.restore(session, "customer", [one.id for one in gone])

    with db.reading(SYSTEM) as session:
        found = list(session.scalars(select(col(Customer.owner_id))))
    assert (done, found) == (1, [charlie.user_id])


def test_tags_on_nothing_of_ones_own_are_refused(
    charlie: Actor, foreign: Customer
) -> None:
    before = fingerprint()

    for deed in (tags.put, tags.take):
        with pytest.raises(RuleBroken), db.transaction(charlie) as session:
            deed(session, "customer", [foreign.id], ["Hers"])

    assert fingerprint() == before
