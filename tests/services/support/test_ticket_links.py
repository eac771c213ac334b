"""A ticket and its customer: taken away, found later, and what then can be seen."""

from typing import Any

import pytest

from crm import db
from crm.errors import NotFound
from crm.models import (
    SYSTEM,
    Activity,
    ActivityFields,
    Actor,
    Customer,
    Reason,
    Ticket,
    TicketFields,
)
from crm.services import activities, records, undo
from crm.services.support import tickets
from crm.services.timeline import Entry, of_ticket, timeline
from tests import make
from tests.make import NOON
from tests.services.marketing.test_campaigns import counted


def opened(actor: Actor, **fields: Any) -> Ticket:
    form = records.valid(TicketFields, {"subject": "Grinder squeaks"} | fields)
    with db.transaction(actor) as session:
        return tickets.create(session, form, at=NOON)


def changed(actor: Actor, ticket: Ticket, **changes: Any) -> int:
    """The operation that it leaves."""
    with db.transaction(actor) as session:
        tickets.update(session, ticket.id, changes)
    return db.operation_of(session) or 0


def noted(actor: Actor, ticket: Ticket, subject: str, **fields: Any) -> Activity:
    form = ActivityFields(subject=subject, ticket_id=ticket.id, **fields)
    with db.transaction(actor) as session:
        return activities.record(session, form, at=NOON)


def links(ticket: Ticket) -> tuple[int | None, int | None]:
    with db.reading(SYSTEM) as session:
        row = db.get(session, Ticket, ticket.id)
    return row.customer_id, row.contact_id


def around(actor: Actor, customer: Customer, **options: Any) -> list[Entry]:
    with db.reading(actor) as session:
        return timeline(session, customer.id, **options)


def of(actor: Actor, ticket: Ticket) -> list[Entry]:
    with db.reading(actor) as session:
        return of_ticket(session, ticket.id)


def subjects(entries: list[Entry]) -> list[str]:
    return [one.activity.subject for one in entries if one.activity]


def told(entries: list[Entry]) -> list[tuple[str, Any, Any]]:
    """The fields that entries say were changed."""
    return [
        (one.name, one.before, one.after)
        for entry in entries
        if entry.reason is Reason.EDIT
        for one in entry.changes
    ]


def test_taken_from_its_customer_it_is_none_of_its_contacts_either(
    alice: Actor,
) -> None:
    customer = make.customer(alice)
    contact = make.contact(customer)
    ticket = opened(alice, contact_id=contact.id)

    operation = changed(alice, ticket, customer_id=None)

    assert links(ticket) == (None, None)
    with db.transaction(alice) as session:
        undo.undo(session, operation)
    assert links(ticket) == (customer.id, contact.id)


def test_a_contact_that_is_named_with_it_brings_its_customer(alice: Actor) -> None:
    contact = make.contact(make.customer(alice))
    ticket = opened(alice, customer_id=make.customer(alice).id)

    changed(alice, ticket, customer_id=None, contact_id=contact.id)

    assert links(ticket) == (contact.customer_id, contact.id)


def test_a_contact_of_nobody_stays_where_there_was_no_customer(alice: Actor) -> None:
    contact = make.contact(owner_id=alice.user_id)
    ticket = opened(alice, contact_id=contact.id)

    changed(alice, ticket, customer_id=None)

    assert links(ticket) == (None, contact.id)


@pytest.mark.slow
def test_nobodys_note_on_a_ticket_taken_from_its_customer_is_not_everyones(
    alice: Actor, charlie: Actor
) -> None:
    ticket = opened(alice, customer_id=make.customer(alice).id)
    note = noted(SYSTEM, ticket, "Called back")

    changed(alice, ticket, customer_id=None)

    assert subjects(of(alice, ticket)) == ["Called back"]
    with db.reading(charlie) as session:
        assert session.get(Activity, note.id) is None


@pytest.mark.slow
@pytest.mark.parametrize("most", [1, 0])
def test_a_note_out_of_reach_is_on_the_timeline_of_whoever_may_see_it(
    alice: Actor, bob: Actor, admin: Actor, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the customer has more tickets than can be named one by one."""
    monkeypatch.setattr(db, "IN_LIMIT", most)
    ticket, customer = opened(alice), make.customer(alice)
    noted(bob, ticket, "Bob's")
    noted(alice, ticket, "Alice's")

    changed(alice, ticket, customer_id=customer.id)

    for actor in (bob, admin):
        found = subjects(around(actor, customer, kinds=["note"]))
        assert found == ["Alice's", "Bob's"]
    assert subjects(around(admin, customer, text="bob")) == ["Bob's"]


@pytest.mark.slow
def test_finding_its_customer_shows_nobody_a_note_that_was_out_of_reach(
    alice: Actor, bob: Actor
) -> None:
    ticket, customer = opened(alice), make.customer(alice)
    noted(bob, ticket, "Bob's")
    assert of(alice, ticket)[0].activity is None

    changed(alice, ticket, customer_id=customer.id)

    assert subjects(around(alice, customer)) == []
    assert subjects(of(alice, ticket)) == []


@pytest.mark.slow
def test_page_by_page_notes_left_behind_come_in_their_place(
    alice: Actor, bob: Actor, admin: Actor
) -> None:
    ticket, customer = opened(alice), make.customer(alice)
    for number in range(4):
        noted(bob if number % 2 else alice, ticket, f"Note {number}")
    changed(alice, ticket, customer_id=customer.id)

    found: list[Entry] = []
    while page := around(
        admin,
        customer,
        kinds=["note"],
        limit=1,
        before=found[-1].key if found else None,
    ):
        found += page

    assert subjects(found) == ["Note 3", "Note 2", "Note 1", "Note 0"]


def test_notes_left_behind_are_looked_for_by_tickets_alone(alice: Actor) -> None:
    """There may be very many activities of no customer."""
    bare, asking = make.customer(alice), make.customer(alice)
    opened(alice, customer_id=asking.id)

    with counted() as of_bare:
        around(alice, bare)
    with counted() as of_asking:
        around(alice, asking)

    assert not [one for one in of_bare if "activity.ticket_id IN" in one]
    (found,) = [one for one in of_asking if "activity.ticket_id IN" in one]
    assert "FROM ticket" not in found


@pytest.mark.parametrize("reach", ["own", "team", "all"])
def test_its_owner_sees_what_was_changed_without_a_customer(
    database: str, reach: str
) -> None:
    dora = make.actor("Dora", reach=reach, team="East")
    ticket = opened(dora)

    changed(dora, ticket, priority="high")

    assert told(of(dora, ticket))[0] == ("priority", "normal", "high")


def test_what_was_changed_before_it_had_a_customer_stays_on_its_timeline(
    alice: Actor,
) -> None:
    ticket = opened(alice)
    changed(alice, ticket, priority="high")

    changed(alice, ticket, customer_id=make.customer(alice, name="Rhine Mills").id)

    assert told(of(alice, ticket))[:2] == [
        ("customer_id", None, "Rhine Mills"),
        ("priority", "normal", "high"),
    ]


def test_what_it_was_while_a_customers_is_seen_with_that_customer(
    alice: Actor, charlie: Actor, admin: Actor
) -> None:
    """Charlie owns the ticket, and Alice the customer that it once had."""
    customer = make.customer(alice, name="Rhine")
    ticket = opened(SYSTEM, customer_id=customer.id)
    changed(SYSTEM, ticket, description="Secret", owner_id=charlie.user_id)

    changed(SYSTEM, ticket, customer_id=None)

    assert told(of(charlie, ticket)) == [("customer_id", f"#{customer.id}", None)]
    assert ("customer_id", "Rhine", None) in told(of(admin, ticket))
    assert ("description", None, "Secret") in told(of(admin, ticket))
    with pytest.raises(NotFound):
        of(alice, ticket)


def test_each_change_is_told_once_to_whoever_sees_all(admin: Actor) -> None:
    ticket = opened(admin)
    changed(admin, ticket, priority="high")
    customer = make.customer(name="Rhine")
    changed(admin, ticket, customer_id=customer.id)
    changed(admin, ticket, priority="low")

    assert told(of(admin, ticket))[:3] == [
        ("priority", "high", "low"),
        ("customer_id", None, "Rhine"),
        ("priority", "normal", "high"),
    ]
