"""The timeline: activities and field changes in one stream."""

from datetime import timedelta

import pytest

from crm import db
from crm.errors import Invalid
from crm.models import Activity, ActivityFields, ActivityKind, Actor
from crm.services import activities, customers, favourites, vcards
from crm.services.activities import NextStep
from crm.services.timeline import timeline
from tests import make
from tests.make import NOON


def test_notes_and_changes_come_newest_first(alice: Actor) -> None:
    customer = make.customer(alice, city="Bonn")
    with db.transaction(alice, at=NOON + timedelta(days=900)) as session:
        customers.update(session, customer.id, {"city": "Ulm"})
    with db.transaction(alice) as session:
        form = ActivityFields(subject="Called", customer_id=customer.id)
        activities.record(session, form, at=NOON + timedelta(days=901))

    with db.reading(alice) as session:
        found = timeline(session, customer.id, limit=2)

    assert [entry.kind for entry in found] == ["note", "change"]
    change = found[1].changes[0]
    assert (change.name, change.before, change.after) == ("city", "Bonn", "Ulm")
    assert found[1].who == "Alice"


def test_the_timeline_can_be_narrowed(alice: Actor) -> None:
    customer = make.customer(alice)
    make.activity(customer, subject="About prices")
    make.activity(customer, subject="About delivery", kind=ActivityKind.CALL)

    with db.reading(alice) as session:
        calls = timeline(session, customer.id, kinds=["call"])
        prices = timeline(session, customer.id, text="PRICES")

    assert [entry.activity.subject for entry in calls if entry.activity] == [
        "About delivery"
    ]
    assert [entry.activity.subject for entry in prices if entry.activity] == [
        "About prices"
    ]


def test_a_foreign_timeline_is_empty(alice: Actor, charlie: Actor) -> None:
    customer = make.customer(alice)
    make.activity(customer)

    with db.reading(charlie) as session:
        assert timeline(session, customer.id) == []


def test_the_next_step_is_told(alice: Actor) -> None:
    late, later, none = (make.customer(alice) for _one in range(3))
    make.activity(late, kind=ActivityKind.TASK, due_at=NOON - timedelta(hours=1))
    make.activity(later, kind=ActivityKind.TASK, due_at=NOON + timedelta(days=3))

    with db.reading(alice) as session:
        steps = activities.next_step(session, [late.id, later.id, none.id], at=NOON)

    assert list(steps.values()) == [NextStep.OVERDUE, NextStep.LATER, NextStep.NONE]


def test_a_note_cannot_be_due(alice: Actor) -> None:
    form = ActivityFields(subject="x", due_at=NOON)

    with pytest.raises(Invalid), db.transaction(alice) as session:
        activities.record(session, form, at=NOON)


def test_done_twice_is_done_once(alice: Actor) -> None:
    task = make.activity(make.customer(alice), kind=ActivityKind.TASK)
    for minutes in (1, 2):
        with db.transaction(alice) as session:
            activities.complete(session, task.id, at=NOON + timedelta(minutes=minutes))

    with db.reading(alice) as session:
        done_at = db.get(session, Activity, task.id).done_at
    assert done_at == NOON + timedelta(minutes=1)


def test_the_last_twenty_looked_at_are_kept(alice: Actor) -> None:
    for number in range(1, 26):
        with db.transaction(alice) as session:
            favourites.seen(
                session, "customer", number, at=NOON + timedelta(minutes=number)
            )

    with db.reading(alice) as session:
        recent = favourites.recent(session)

    assert recent == [("customer", number) for number in range(25, 5, -1)]


def test_a_vcard_comes_back_as_it_went(alice: Actor) -> None:
    contact = make.contact(
        make.customer(alice),
        first_name="三",
        last_name="张; Sohn, Co",
        notes="one\ntwo \\ three",
        email="z@example.cn",
    )

    with db.reading(alice) as session:
        text = vcards.contact(session, contact.id)
    [again] = vcards.read(text)

    assert (again.last_name, again.first_name) == ("张; Sohn, Co", "三")
    assert (again.notes, again.email) == ("one\ntwo \\ three", "z@example.cn")


def test_what_is_no_vcard_is_told(alice: Actor) -> None:
    with pytest.raises(Invalid):
        vcards.read("hello")
