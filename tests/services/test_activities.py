"""Activities: what was done, what is to be done, and for whom there is no next step."""

from datetime import timedelta

import pytest

from crm import db
from crm.errors import Invalid
from crm.models import Activity, ActivityFields, ActivityKind, Actor
from crm.services import activities
from crm.services.activities import NextStep
from tests import make
from tests.make import NOON


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


@pytest.mark.parametrize("year", [1, 9999])
def test_nothing_is_due_in_a_year_that_no_list_can_show(
    alice: Actor, year: int
) -> None:
    due = NOON.replace(year=year)
    form = ActivityFields(kind=ActivityKind.TASK, subject="x", due_at=due)

    with pytest.raises(Invalid, match="1900"), db.transaction(alice) as session:
        activities.record(session, form, at=NOON)


def test_done_twice_is_done_once(alice: Actor) -> None:
    task = make.activity(make.customer(alice), kind=ActivityKind.TASK)
    for minutes in (1, 2):
        with db.transaction(alice) as session:
            activities.complete(session, task.id, at=NOON + timedelta(minutes=minutes))

    with db.reading(alice) as session:
        done_at = db.get(session, Activity, task.id).done_at
    assert done_at == NOON + timedelta(minutes=1)


def test_a_task_cannot_become_a_note_that_is_due(alice: Actor) -> None:
    task = make.activity(
        make.customer(alice), kind=ActivityKind.TASK, due_at=NOON, owner_id=None
    )

    with pytest.raises(Invalid), db.transaction(alice) as session:
        activities.update(session, task.id, {"kind": "note"})
    with pytest.raises(Invalid), db.transaction(alice) as session:
        activities.update(session, task.id, {"due_at": NOON.replace(tzinfo=None)})


def test_what_is_about_an_opportunity_is_about_its_customer(alice: Actor) -> None:
    deal = make.opportunity(make.customer(alice))
    with db.transaction(alice) as session:
        form = ActivityFields(subject="Call back", opportunity_id=deal.id)
        made = activities.record(session, form, at=NOON)

    assert made.customer_id == deal.customer_id


def test_an_opportunity_of_another_customer_is_refused(alice: Actor) -> None:
    deal, other = make.opportunity(make.customer(alice)), make.customer(alice)
    form = ActivityFields(subject="Call", opportunity_id=deal.id, customer_id=other.id)
    with pytest.raises(Invalid), db.transaction(alice) as session:
        activities.record(session, form, at=NOON)
