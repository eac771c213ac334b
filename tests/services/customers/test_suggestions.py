"""Suggestions: ranked, dealt with once, some left alone by lot."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken
from crm.models import (
    Activity,
    Actor,
    Change,
    Reason,
    Suggestion,
    SuggestionKind,
    SuggestionState,
)
from crm.services import timeline, undo
from crm.services.customers import suggestions
from crm.services.customers.suggestions import Candidate
from tests import make

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
WIN_BACK, NEXT = SuggestionKind.WIN_BACK, SuggestionKind.NEXT_PRODUCT


class Lot(random.Random):
    """Draws what it is told to."""

    def __init__(self, *drawn: float) -> None:
        super().__init__(1)
        self.drawn = list(drawn)

    def random(self) -> float:
        return self.drawn.pop(0) if self.drawn else 1.0


def made(
    actor: Actor, *found: Candidate, on: date = TODAY, lot: Lot | None = None
) -> int:
    with db.transaction(actor) as session:
        return suggestions.make(
            session, found, analysis_id=None, on=on, lot=lot or Lot()
        )


def seen(actor: Actor, on: date = TODAY, owner_id: int | None = None) -> list[int]:
    with db.reading(actor) as session:
        found = suggestions.listed(session, on=on, owner_id=owner_id)
        assert len(found) == suggestions.count(session, on=on, owner_id=owner_id)
        return [one.customer_id for one in found]


def only(actor: Actor, on: date = TODAY) -> Suggestion:
    with db.reading(actor) as session:
        [found] = suggestions.listed(session, on=on)
        return found


def test_the_greatest_worth_comes_first(admin: Actor) -> None:
    small, great = make.customer(admin).id, make.customer(admin).id

    made(admin, Candidate(small, WIN_BACK, 10), Candidate(great, WIN_BACK, 20.005))

    assert seen(admin) == [great, small]
    with db.reading(admin) as session:
        worth = [one.worth for one in suggestions.listed(session, on=TODAY)]
    assert worth == [Decimal("20.0"), Decimal(10)]


@pytest.mark.slow
def test_everybody_sees_those_of_customers_in_reach(
    admin: Actor, alice: Actor, charlie: Actor
) -> None:
    hers, his = make.customer(alice).id, make.customer(charlie).id
    made(admin, Candidate(hers, WIN_BACK, 10), Candidate(his, WIN_BACK, 20))

    assert seen(alice) == [hers]
    assert seen(charlie) == [his]
    assert seen(admin, owner_id=alice.user_id) == [hers]


def test_who_is_left_alone_by_lot_is_shown_to_nobody(admin: Actor) -> None:
    alone, shown = make.customer(admin).id, make.customer(admin).id
    candidates = [Candidate(alone, WIN_BACK, 10), Candidate(shown, WIN_BACK, 20)]

    made(admin, *candidates, lot=Lot(0.05, 0.1))

    assert seen(admin) == [shown]
    with db.reading(admin) as session:
        statement = select(Suggestion).where(Suggestion.customer_id == alone)
        hidden = session.scalars(statement).one()
        assert hidden.state is SuggestionState.LEFT_ALONE
        with pytest.raises(NotFound):
            suggestions.suggestion(session, hidden.id)
        assert timeline.timeline(session, alone)[0].changes[0].entity == "customer"


def test_nothing_new_is_suggested_while_the_last_is_watched(admin: Actor) -> None:
    customer = make.customer(admin).id
    made(admin, Candidate(customer, WIN_BACK, 10))

    again = Candidate(customer, WIN_BACK, 10)
    assert made(admin, again, on=TODAY + timedelta(days=27)) == 0
    assert made(admin, Candidate(customer, NEXT, 10), on=TODAY) == 1
    assert made(admin, again, on=TODAY + timedelta(days=28)) == 1


@pytest.mark.parametrize("worth", [0, -5])
def test_what_is_worth_nothing_is_not_suggested(admin: Actor, worth: float) -> None:
    assert made(admin, Candidate(make.customer(admin).id, WIN_BACK, worth)) == 0


def test_customers_that_are_gone_are_left_out(admin: Actor) -> None:
    walk_in = make.customer(admin, walk_in=True).id

    assert made(admin, Candidate(999, WIN_BACK, 1), Candidate(walk_in, NEXT, 1)) == 0


def test_accepting_makes_a_task_of_mine(admin: Actor, alice: Actor) -> None:
    customer = make.customer(alice).id
    made(admin, Candidate(customer, WIN_BACK, 10))
    suggestion_id = only(alice).id

    with db.transaction(alice) as session:
        suggestions.accept(session, suggestion_id, "Call", due_at=DUE, at=NOW)

    assert seen(alice) == []
    with db.reading(alice) as session:
        task = session.scalars(select(Activity)).one()
        found = suggestions.suggestion(session, suggestion_id)
    assert (task.subject, task.owner_id, task.due_at) == ("Call", alice.user_id, DUE)
    assert (task.customer_id, found.activity_id) == (customer, task.id)
    assert (found.state, found.decided_by) == (SuggestionState.ACCEPTED, alice.user_id)


def test_accepting_can_be_undone(admin: Actor) -> None:
    made(admin, Candidate(make.customer(admin).id, WIN_BACK, 10))
    with db.transaction(admin) as session:
        suggestions.accept(session, only(admin).id, "Call", due_at=DUE, at=NOW)
    operation = db.operation_of(session)
    assert operation is not None

    with db.transaction(admin, reason=Reason.UNDO) as session:
        undone = undo.undo(session, operation)

    assert undone.skipped == []
    assert only(admin).state is SuggestionState.OPEN
    with db.reading(admin) as session:
        assert session.scalars(select(Activity)).all() == []


def test_it_is_dealt_with_once(admin: Actor) -> None:
    made(admin, Candidate(make.customer(admin).id, WIN_BACK, 10))
    suggestion_id = only(admin).id
    with db.transaction(admin) as session:
        suggestions.call_wrong(session, suggestion_id, at=NOW)

    with db.transaction(admin) as session, pytest.raises(RuleBroken):
        suggestions.accept(session, suggestion_id, "Call", due_at=DUE, at=NOW)


def test_what_is_wrong_is_not_suggested_for_half_a_year(admin: Actor) -> None:
    customer = make.customer(admin).id
    made(admin, Candidate(customer, WIN_BACK, 10))
    with db.transaction(admin) as session:
        suggestions.call_wrong(session, only(admin).id, at=NOW)

    again = Candidate(customer, WIN_BACK, 10)
    assert made(admin, again, on=TODAY + timedelta(days=179)) == 0
    assert made(admin, again, on=TODAY + timedelta(days=180)) == 1


def test_a_snoozed_one_comes_back_on_its_day(admin: Actor) -> None:
    customer = make.customer(admin).id
    made(admin, Candidate(customer, WIN_BACK, 10))
    until = TODAY + timedelta(days=30)
    with db.transaction(admin) as session:
        suggestions.snooze(session, only(admin).id, until=until, on=TODAY)

    assert seen(admin) == []
    assert seen(admin, on=until - timedelta(days=1)) == []
    assert seen(admin, on=until) == [customer]
    assert seen(admin, on=until + timedelta(days=14)) == []


@pytest.mark.parametrize("days", [0, -1, 91])
def test_the_day_to_come_back_is_ahead_and_near(admin: Actor, days: int) -> None:
    made(admin, Candidate(make.customer(admin).id, WIN_BACK, 10))
    until = TODAY + timedelta(days=days)

    with db.transaction(admin) as session, pytest.raises(Invalid):
        suggestions.snooze(session, only(admin).id, until=until, on=TODAY)


def test_a_suggestion_is_past_its_time_after_two_weeks(admin: Actor) -> None:
    customer = make.customer(admin).id
    made(admin, Candidate(customer, WIN_BACK, 10))

    assert seen(admin, on=TODAY + timedelta(days=13)) == [customer]
    assert seen(admin, on=TODAY + timedelta(days=14)) == []


def test_out_of_reach_is_not_there(admin: Actor, alice: Actor, charlie: Actor) -> None:
    made(admin, Candidate(make.customer(alice).id, WIN_BACK, 10))
    suggestion_id = only(alice).id

    with db.transaction(charlie) as session, pytest.raises(NotFound):
        suggestions.call_wrong(session, suggestion_id, at=NOW)


def test_who_may_only_look_decides_nothing(admin: Actor, viewer: Actor) -> None:
    made(admin, Candidate(make.customer(admin).id, WIN_BACK, 10))
    suggestion_id = only(viewer).id

    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        suggestions.call_wrong(session, suggestion_id, at=NOW)
    with pytest.raises(Forbidden):
        made(viewer, Candidate(make.customer(admin).id, NEXT, 10))


def test_those_whose_time_is_over_are_watched_no_more(admin: Actor) -> None:
    alone, shown = make.customer(admin).id, make.customer(admin).id
    candidates = [Candidate(alone, WIN_BACK, 10), Candidate(shown, WIN_BACK, 20)]
    made(admin, *candidates, lot=Lot(0.05, 0.5))

    def rows(on: date) -> list[tuple[int, bool]]:
        with db.reading(admin) as session:
            found = suggestions.watched(session, on=on)
        return list(zip(found["customer_id"], found["left_alone"], strict=True))

    assert rows(TODAY + timedelta(days=27)) == []
    assert sorted(rows(TODAY + timedelta(days=28))) == [(alone, True), (shown, False)]


def test_each_decision_is_in_the_log(admin: Actor) -> None:
    made(admin, Candidate(make.customer(admin).id, WIN_BACK, 10))
    with db.transaction(admin) as session:
        suggestions.call_wrong(session, only(admin).id, at=NOW)

    with db.reading(admin) as session:
        logged = select(Change).where(Change.entity == "suggestion")
        last = session.scalars(logged.order_by(Change.id.desc())).first()
    assert last is not None
    assert last.after["state"] == "wrong"
