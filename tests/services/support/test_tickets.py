"""Tickets: opened, moved, solved, kept with their customer, found and taken back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import (
    SYSTEM,
    Activity,
    ActivityFields,
    ActivityKind,
    Actor,
    CustomKind,
    Priority,
    Reason,
    Ticket,
    TicketFields,
    TicketKind,
    TicketStatus,
    utcnow,
)
from crm.services import (
    activities,
    bulk,
    lists,
    purging,
    records,
    recycle_bin,
    search,
    undo,
)
from crm.services.admin import custom_fields
from crm.services.support import tickets
from crm.services.timeline import of_ticket, timeline
from tests import make
from tests.make import NOON

LATER = NOON + timedelta(hours=3)


def opened(actor: Actor, **fields: Any) -> Ticket:
    form = records.valid(TicketFields, {"subject": "Grinder squeaks"} | fields)
    with db.transaction(actor) as session:
        return tickets.create(session, form, at=NOON)


def moved(actor: Actor, ticket: Ticket, status: TicketStatus) -> Ticket:
    with db.transaction(actor) as session:
        return tickets.move(session, ticket.id, status, at=LATER)


def kept(ticket: Ticket) -> Ticket:
    with db.reading(SYSTEM) as session:
        return db.get(session, Ticket, ticket.id)


def test_a_new_ticket_is_its_openers_and_new(alice: Actor) -> None:
    ticket = kept(opened(alice, customer_id=make.customer(alice).id))

    assert (ticket.status, ticket.kind) == (TicketStatus.NEW, TicketKind.INQUIRY)
    assert (ticket.owner_id, ticket.priority) == (alice.user_id, Priority.NORMAL)
    assert (ticket.opened_at, ticket.solved_at) == (NOON, None)


def test_one_that_is_solved_on_the_spot_is_solved_then(alice: Actor) -> None:
    assert kept(opened(alice, status="solved")).solved_at == NOON


def test_solving_remembers_when_and_opening_again_forgets(alice: Actor) -> None:
    ticket = opened(alice)

    assert moved(alice, ticket, TicketStatus.SOLVED).solved_at == LATER
    assert kept(moved(alice, ticket, TicketStatus.OPEN)).solved_at is None


def test_closing_what_is_solved_keeps_when_it_was_solved(alice: Actor) -> None:
    ticket = opened(alice, status="solved")

    assert kept(moved(alice, ticket, TicketStatus.CLOSED)).solved_at == NOON


def test_what_is_closed_stays_so(alice: Actor) -> None:
    ticket = opened(alice, status="closed")

    with pytest.raises(RuleBroken, match="closed"):
        moved(alice, ticket, TicketStatus.OPEN)
    with pytest.raises(RuleBroken, match="closed"), db.transaction(alice) as session:
        bulk.edit(session, "ticket", [ticket.id], "status", "open")


def test_a_closed_ticket_can_be_described_better(alice: Actor) -> None:
    ticket = opened(alice, status="closed")

    with db.transaction(alice) as session:
        tickets.update(session, ticket.id, {"description": "It was the burr."})

    assert kept(ticket).description == "It was the burr."


def test_of_two_who_change_it_the_second_is_told(alice: Actor) -> None:
    ticket = opened(alice)
    moved(alice, ticket, TicketStatus.OPEN)

    with pytest.raises(Stale), db.transaction(alice) as session:
        tickets.update(session, ticket.id, {"subject": "x"}, version=1)


def test_what_a_contact_asks_its_customer_asks(alice: Actor) -> None:
    customer = make.customer(alice)

    ticket = opened(alice, contact_id=make.contact(customer).id)

    assert kept(ticket).customer_id == customer.id


def test_a_contact_of_another_customer_is_refused(alice: Actor) -> None:
    contact, other = make.contact(make.customer(alice)), make.customer(alice)

    with pytest.raises(Invalid, match="another customer"):
        opened(alice, customer_id=other.id, contact_id=contact.id)


def test_it_does_not_go_to_another_customer_with_its_contact(alice: Actor) -> None:
    ticket = opened(alice, contact_id=make.contact(make.customer(alice)).id)
    changes = {"customer_id": make.customer(alice).id}

    with pytest.raises(Invalid, match="another"), db.transaction(alice) as session:
        tickets.update(session, ticket.id, changes)


def test_a_contact_who_has_changed_jobs_does_not_stop_other_changes(
    alice: Actor,
) -> None:
    contact = make.contact(make.customer(alice))
    ticket = opened(alice, contact_id=contact.id)
    with db.transaction(SYSTEM) as session:
        session.merge(contact).customer_id = make.customer(alice).id

    moved(alice, ticket, TicketStatus.SOLVED)

    assert kept(ticket).status is TicketStatus.SOLVED


@pytest.mark.parametrize("link", ["customer_id", "contact_id", "owner_id"])
def test_what_it_links_to_must_be_there(alice: Actor, link: str) -> None:
    with pytest.raises(NotFound):
        opened(alice, **{link: 404})


@pytest.mark.parametrize("subject", ["", " ", "x" * 201])
def test_a_subject_is_needed_and_short(alice: Actor, subject: str) -> None:
    with pytest.raises(Invalid):
        opened(alice, subject=subject)


def test_a_note_on_a_ticket_is_one_about_its_customer(alice: Actor) -> None:
    ticket = opened(alice, customer_id=make.customer(alice).id)

    note = noted(alice, ticket)

    assert (note.customer_id, note.ticket_id) == (ticket.customer_id, ticket.id)


def test_a_ticket_of_another_customer_takes_no_note(alice: Actor) -> None:
    ticket = opened(alice, customer_id=make.customer(alice).id)

    with pytest.raises(Invalid, match="another customer"):
        noted(alice, ticket, customer_id=make.customer(alice).id)


def noted(actor: Actor, ticket: Ticket, **fields: Any) -> Activity:
    form = ActivityFields(subject="Called back", ticket_id=ticket.id, **fields)
    with db.transaction(actor) as session:
        return activities.record(session, form, at=LATER)


def test_notes_go_with_a_ticket_that_finds_its_customer(alice: Actor) -> None:
    ticket, customer = opened(alice), make.customer(alice)
    noted(alice, ticket)

    with db.transaction(alice) as session:
        tickets.update(session, ticket.id, {"customer_id": customer.id})

    with db.reading(alice) as session:
        entries = timeline(session, customer.id, kinds=["note"])
    assert [one.activity.subject for one in entries if one.activity] == ["Called back"]


def test_the_customers_timeline_tells_of_its_tickets(alice: Actor) -> None:
    customer = make.customer(alice)
    ticket = opened(alice, customer_id=customer.id)
    moved(alice, ticket, TicketStatus.SOLVED)

    with db.reading(alice) as session:
        newest = timeline(session, customer.id, kinds=["change"])[0]

    told = [(one.record, one.name, one.before, one.after) for one in newest.changes]
    assert told == [("Grinder squeaks", "status", "new", "solved")]


def test_a_ticket_without_a_customer_has_its_own_timeline(admin: Actor) -> None:
    ticket = opened(admin)
    noted(admin, ticket)
    opened(admin, subject="Another one")

    with db.reading(admin) as session:
        entries = of_ticket(session, ticket.id)

    assert [one.kind for one in entries] == ["change", "note"]
    assert {one.record for one in entries[0].changes} == {"Grinder squeaks"}


def test_the_open_tickets_of_a_customer_come_latest_first(alice: Actor) -> None:
    customer = make.customer(alice)
    for number, status in enumerate(("new", "solved", "waiting", "closed")):
        with db.transaction(alice) as session:
            form = TicketFields(subject=status, status=status, customer_id=customer.id)
            at = NOON + timedelta(days=number)
            tickets.create(session, form, at=at)

    with db.reading(alice) as session:
        found = tickets.of_customer(session, customer.id)
        over = tickets.of_customer(session, customer.id, is_open=False)

    assert [one.subject for one in found] == ["waiting", "new"]
    assert [one.subject for one in over] == ["closed", "solved"]


@pytest.mark.slow
def test_the_search_finds_a_ticket_by_its_subject(alice: Actor) -> None:
    ticket = opened(alice)

    with db.reading(alice) as session:
        (hit,) = search.everywhere(session, "squeaks")

    assert (hit.entity, hit.record_id) == ("ticket", ticket.id)
    assert (hit.name, hit.about) == ("Grinder squeaks", "New")


def test_a_list_is_sorted_by_how_much_it_hurts(alice: Actor) -> None:
    for priority in ("normal", "urgent", "low", "high"):
        opened(alice, priority=priority)
    query = lists.Query("ticket", sort="-priority", columns=("priority",))

    with db.reading(alice) as session:
        found = lists.page(session, query, today=NOON.date())

    assert [row["priority"] for row in found.rows] == [
        "urgent",
        "high",
        "normal",
        "low",
    ]


def test_many_are_handed_over_and_solved_at_once(alice: Actor, bob: Actor) -> None:
    ids = [make.ticket(alice).id, make.ticket(alice).id]

    with db.transaction(alice, reason=Reason.BULK) as session:
        assert bulk.edit(session, "ticket", ids, "owner_id", bob.user_id) == 2
        assert bulk.edit(session, "ticket", ids, "status", "solved") == 2

    with db.reading(SYSTEM) as session:
        rows = session.scalars(select(Ticket)).all()
    assert {row.owner_id for row in rows} == {bob.user_id}
    assert all(row.solved_at is not None for row in rows)


def test_solving_is_undone_with_its_moment(alice: Actor) -> None:
    ticket = opened(alice)
    with db.transaction(alice) as session:
        tickets.move(session, ticket.id, TicketStatus.CLOSED, at=LATER)
    operation = db.operation_of(session)

    with db.transaction(alice) as session:
        undone = undo.undo(session, operation or 0)

    assert (undone.done, undone.skipped) == (1, [])
    assert (kept(ticket).status, kept(ticket).solved_at) == (TicketStatus.NEW, None)


def test_it_goes_to_the_bin_and_comes_back(admin: Actor) -> None:
    ticket = opened(admin)
    with db.transaction(admin) as session:
        tickets.remove(session, ticket.id, version=1)
    with db.reading(admin) as session, pytest.raises(NotFound):
        db.get(session, Ticket, ticket.id)

    with db.transaction(admin) as session:
        assert recycle_bin.restore(session, "ticket", [ticket.id]) == 1

    with db.reading(admin) as session:
        assert db.get(session, Ticket, ticket.id).subject == "Grinder squeaks"


def test_purging_a_customer_takes_its_tickets_along(admin: Actor) -> None:
    customer = make.customer(admin)
    ticket = opened(admin, customer_id=customer.id)
    noted(admin, ticket)
    with db.transaction(admin) as session:
        bulk.remove(session, "customer", [customer.id])

    with db.transaction(admin) as session:
        assert purging.purge(session, "customer", [customer.id]).done == 1

    assert remaining() == (0, 0)


def test_purging_a_ticket_keeps_the_notes_of_its_customer(admin: Actor) -> None:
    mine, nobodys = opened(admin, customer_id=make.customer(admin).id), opened(admin)
    note = noted(admin, mine)
    noted(admin, nobodys)
    for ticket in (mine, nobodys):
        with db.transaction(admin) as session:
            tickets.remove(session, ticket.id)

    with db.transaction(admin) as session:
        assert purging.purge(session, "ticket", [mine.id, nobodys.id]).done == 2

    assert remaining() == (0, 1)
    with db.reading(admin) as session:
        assert db.get(session, Activity, note.id).ticket_id is None


@pytest.mark.slow
def test_an_expired_bin_is_emptied_of_tickets(admin: Actor) -> None:
    ticket = opened(admin)
    with db.transaction(admin) as session:
        tickets.remove(session, ticket.id)

    with db.transaction(SYSTEM) as session:
        gone = purging.purge_expired(session, at=utcnow() + timedelta(days=31))

    assert (gone.done, remaining()) == (1, (0, 0))


def remaining() -> tuple[int, int]:
    """Tickets and activities, those in the bin too."""
    with db.reading(SYSTEM) as session:
        found = [
            session.scalars(select(table), execution_options=db.everything).all()
            for table in (Ticket, Activity)
        ]
    return len(found[0]), len(found[1])


def test_custom_fields_are_kept_with_it(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "ticket", "Machine", CustomKind.TEXT)
    form = TicketFields(subject="Grinder squeaks")
    with db.transaction(admin) as session:
        made = tickets.create(session, form, custom={"x_machine": "Vapore Due"})
        custom = {"x_machine": "Vapore Uno"}
        tickets.update(session, made.id, {}, custom=custom)

    with db.reading(admin) as session:
        values = custom_fields.values(session, "ticket", made.id)
    assert values == {"x_machine": "Vapore Uno"}


def test_tickets_are_seen_with_their_customer(
    alice: Actor, bob: Actor, charlie: Actor
) -> None:
    ticket = make.ticket(alice)
    alone = make.ticket(alice, customer_id=None)

    for actor, seen in (
        (alice, [ticket.id, alone.id]),
        (bob, [ticket.id, alone.id]),
        (charlie, []),
    ):
        with db.reading(actor) as session:
            found = session.scalars(select(Ticket.id).order_by(Ticket.id))
            assert list(found) == seen


def test_charlie_can_neither_move_it_nor_write_on_it(
    alice: Actor, charlie: Actor
) -> None:
    ticket = make.ticket(alice)

    with pytest.raises(NotFound):
        moved(charlie, ticket, TicketStatus.SOLVED)
    with pytest.raises(NotFound):
        noted(charlie, ticket)
    with pytest.raises(RuleBroken), db.transaction(charlie) as session:
        bulk.remove(session, "ticket", [ticket.id])


def test_a_contact_out_of_reach_is_not_there(alice: Actor, charlie: Actor) -> None:
    contact = make.contact(make.customer(alice))

    with pytest.raises(NotFound):
        opened(charlie, contact_id=contact.id)


def test_who_only_reads_opens_none(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        opened(viewer)


def test_a_task_on_a_ticket_is_on_the_agenda(alice: Actor) -> None:
    ticket = opened(alice)
    noted(alice, ticket, kind=ActivityKind.TASK, due_at=NOON)

    with db.reading(alice) as session:
        (task,) = activities.agenda(session, alice.user_id or 0, before=LATER)

    assert task.ticket_id == ticket.id
