"""Customers handed out by rule."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Forbidden, Invalid, RuleBroken
from crm.models import SYSTEM, Actor, Customer, User
from crm.services.customers import assignment
from crm.services.customers.assignment import Rule
from tests import make


def handed(
    actor: Actor, ids: list[int], owners: list[Actor], rule: Rule
) -> dict[int, int]:
    people = [owner.user_id or 0 for owner in owners]
    with db.transaction(actor) as session:
        return assignment.hand_out(session, ids, people, rule)


def owners_of(ids: list[int]) -> Counter[int | None]:
    with db.reading(SYSTEM) as session:
        found = select(col(Customer.owner_id)).where(col(Customer.id).in_(ids))
        return Counter(session.scalars(found))


def test_in_turn_everyone_gets_as_many(admin: Actor, alice: Actor, bob: Actor) -> None:
    ids = [make.customer().id for _number in range(4)]

    got = handed(admin, ids, [alice, bob], Rule.ROUND_ROBIN)

    assert got == {alice.user_id: 2, bob.user_id: 2}
    assert owners_of(ids) == {alice.user_id: 2, bob.user_id: 2}


def test_the_least_busy_gets_more(admin: Actor, alice: Actor, bob: Actor) -> None:
    for _number in range(3):
        make.customer(alice)
    ids = [make.customer().id for _number in range(5)]

    got = handed(admin, ids, [alice, bob], Rule.LEAST_BUSY)

    # Alice 3, Bob 0: Bob gets three, then each one more
    assert got == {alice.user_id: 1, bob.user_id: 4}


def test_open_tasks_count_as_work(admin: Actor, alice: Actor, bob: Actor) -> None:
    for _number in range(2):
        make.activity(
            make.customer(), kind="task", owner_id=alice.user_id, due_at=make.NOON
        )
    ids = [make.customer().id for _number in range(2)]

    got = handed(admin, ids, [alice, bob], Rule.LEAST_BUSY)

    assert got == {alice.user_id: 0, bob.user_id: 2}


def test_customers_out_of_reach_stay_where_they_are(
    alice: Actor, bob: Actor, charlie: Actor
) -> None:
    mine, other = make.customer(alice), make.customer(charlie)

    handed(alice, [mine.id, other.id], [bob], Rule.ROUND_ROBIN)

    assert owners_of([mine.id]) == {bob.user_id: 1}
    assert owners_of([other.id]) == {charlie.user_id: 1}


def test_nobody_to_hand_out_to_is_refused(admin: Actor) -> None:
    ids = [make.customer().id]

    with pytest.raises(Invalid):
        handed(admin, ids, [], Rule.ROUND_ROBIN)


def test_who_has_left_gets_nothing(admin: Actor, alice: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        db.get(session, User, alice.user_id or 0).active = False
    ids = [make.customer().id]

    with pytest.raises(Invalid):
        handed(admin, ids, [alice], Rule.ROUND_ROBIN)


def test_nothing_in_reach_is_told(alice: Actor, charlie: Actor) -> None:
    theirs = make.customer(charlie)

    with pytest.raises(RuleBroken):
        handed(alice, [theirs.id], [alice], Rule.ROUND_ROBIN)


def test_who_may_only_look_hands_out_nothing(viewer: Actor, alice: Actor) -> None:
    ids = [make.customer().id]

    with pytest.raises(Forbidden):
        handed(viewer, ids, [alice], Rule.ROUND_ROBIN)
