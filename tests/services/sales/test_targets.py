"""Targets: who sets them, for whom and when, and how far they have come."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from crm import db
from crm.errors import CRMError, Duplicate, Forbidden, Invalid, NotFound, Stale
from crm.models import SYSTEM, Actor, Opportunity, Period, Target, TargetFields
from crm.services import records
from crm.services.sales import targets, targets_about, targets_attainment
from crm.services.sales.targets import Cell
from crm.services.sales.targets_about import EVERYONE, About
from crm.services.sales.targets_attainment import Attainment
from crm.services.sales.targets_periods import first_day, share_gone, weeks_left
from tests import make

FEBRUARY = date(2026, 2, 1)
TODAY = date(2026, 2, 14)


def created(actor: Actor, **fields: Any) -> Target:
    usual = {"period": "month", "starts_on": FEBRUARY, "amount": "1000"}
    with db.transaction(actor) as session:
        return targets.create(session, records.valid(TargetFields, usual | fields))


def won(owner: Actor | None, **details: Any) -> Opportunity:
    usual = {
        "closed_at": datetime(2026, 2, 10, 12, tzinfo=UTC),
        "owner_id": owner.user_id if owner else None,
        "rate": Decimal(1),
    }
    return make.opportunity(make.customer(owner), "Won", **usual | details)


def reached(actor: Actor, period: Period = Period.MONTH) -> list[Attainment]:
    with db.reading(actor) as session:
        return targets_attainment.attainments(session, period, FEBRUARY, today=TODAY)


@pytest.fixture
def manager(database: str) -> Actor:
    """Mara manages the north, and sees what it owns."""
    return make.actor("Mara", role="manager", reach="team", team="North")


@pytest.mark.slow
def test_what_is_won_counts_in_its_month_for_its_owner_and_team(
    admin: Actor, alice: Actor, charlie: Actor
) -> None:
    created(admin)
    created(admin, owner_id=alice.user_id, amount="400")
    created(admin, team_id=charlie.team_id)
    won(alice, amount=Decimal(300))
    won(charlie, amount=Decimal("0.5"), currency="USD", rate=Decimal("0.5"))
    won(None, amount=Decimal(20))
    won(alice, closed_at=datetime(2026, 3, 1, tzinfo=UTC))  # later
    won(alice, closed_at=datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    make.opportunity(make.customer(alice), owner_id=alice.user_id)  # open

    every, team, hers = reached(admin)

    assert [one.won.amount for one in (every, team, hers)] == [
        Decimal("320.25"), Decimal("0.25"), 300,
    ]  # fmt: skip
    assert [one.won.count for one in (every, team, hers)] == [3, 1, 1]
    assert hers.reached == 0.75
    assert hers.pace == pytest.approx(0.75 / 0.5)  # 14 of 28 days
    assert (hers.missing, hers.a_week) == (100, 50)  # two weeks are left


def test_a_sum_says_what_has_no_rate(admin: Actor) -> None:
    created(admin)
    for currency, amount, rate in (
        ("USD", Decimal(5), None), ("USD", Decimal(7), None), ("GBP", None, None),
        ("EUR", Decimal(9), Decimal(1)),
    ):  # fmt: skip
        won(admin, currency=currency, amount=amount, rate=rate)

    (one,) = reached(admin)

    assert (one.won.amount, one.won.count) == (9, 4)
    assert one.won.unpriced == {"USD": 2}
    assert not one.won.is_whole


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"starts_on": "2026-02-02"}, Invalid),
        ({"period": "quarter"}, Invalid),  # February begins none
        ({"period": "year"}, Invalid),
        ({"starts_on": "3000-01-01"}, Invalid),
        ({"amount": "1000000000001"}, Invalid),
        ({"owner_id": 999}, NotFound),
        ({"team_id": 999}, NotFound),
        ({}, Duplicate),
    ],
)
def test_what_does_not_fit_is_refused(
    admin: Actor, fields: dict[str, Any], error: type[Exception]
) -> None:
    created(admin)

    with pytest.raises(error):
        created(admin, **fields)


def test_it_is_for_a_user_or_for_a_team_not_for_both(
    admin: Actor, alice: Actor
) -> None:
    with pytest.raises(Invalid, match="not for two"):
        created(admin, owner_id=alice.user_id, team_id=alice.team_id)


def test_a_negative_target_is_none(admin: Actor) -> None:
    with pytest.raises(Invalid):
        created(admin, amount="-1")


def test_each_may_have_one_for_each_period(admin: Actor, alice: Actor) -> None:
    created(admin)
    created(admin, owner_id=alice.user_id)
    created(admin, team_id=alice.team_id)
    created(admin, period="quarter", starts_on="2026-01-01")
    created(admin, starts_on="2026-03-01")

    with db.reading(admin) as session:
        assert len(targets.listed(session)) == 5
        assert len(targets.listed(session, period=Period.MONTH, last=FEBRUARY)) == 3


def test_who_sells_sets_no_targets(alice: Actor) -> None:
    with pytest.raises(Forbidden):
        created(alice, owner_id=alice.user_id)


def test_a_manager_sets_them_for_the_own_team_alone(
    manager: Actor, alice: Actor, charlie: Actor
) -> None:
    assert created(manager, owner_id=alice.user_id).id
    assert created(manager, team_id=manager.team_id).id

    for fields in ({}, {"owner_id": charlie.user_id}, {"team_id": charlie.team_id}):
        with pytest.raises(Forbidden):
            created(manager, **fields)
    with db.reading(manager) as session:
        known = targets_about.choices(session)
        assert EVERYONE not in known
        assert About(owner_id=charlie.user_id) not in known
        assert targets.may_set(session, About(owner_id=alice.user_id))
        assert not targets.may_set(session, EVERYONE)


def test_who_sees_a_part_is_told_of_no_sum_of_the_whole(
    admin: Actor, alice: Actor
) -> None:
    created(admin)
    created(admin, owner_id=alice.user_id)

    assert [one.about for one in reached(alice)] == [About(owner_id=alice.user_id)]


def test_a_target_that_has_changed_is_not_overwritten(admin: Actor) -> None:
    row = created(admin)
    with db.transaction(admin) as session:
        targets.update(session, row.id, {"amount": "5"}, version=1)

    with db.transaction(admin) as session, pytest.raises(Stale):
        targets.update(session, row.id, {"amount": "6"}, version=1)
    with db.transaction(admin) as session, pytest.raises(Stale):
        targets.remove(session, row.id, version=1)
    with db.reading(admin) as session:
        assert db.get(session, Target, row.id).amount == 5


def test_an_update_is_checked_as_a_new_one(admin: Actor) -> None:
    created(admin)
    other = created(admin, starts_on="2026-03-01")

    for changes, error in (
        ({"starts_on": "2026-02-01"}, Duplicate),
        ({"starts_on": "2026-03-05"}, Invalid),
        ({"colour": "red"}, Invalid),
    ):
        with pytest.raises(error), db.transaction(admin) as session:
            targets.update(session, other.id, changes)


def test_a_table_is_written_whole_or_not_at_all(admin: Actor) -> None:
    created(admin)
    created(admin, starts_on="2026-03-01")

    def cell(day: date, before: int | None, after: int | None) -> Cell:
        amounts = (None if one is None else Decimal(one) for one in (before, after))
        return Cell(EVERYONE, Period.MONTH, day, *amounts)

    cells = [
        cell(FEBRUARY, 1000, 1200),
        cell(date(2026, 3, 1), 1000, None),
        cell(date(2026, 4, 1), None, 7),
    ]
    with db.transaction(admin) as session:
        assert targets.write(session, cells) == 3
    with db.reading(admin) as session:
        known = {row.starts_on.month: row.amount for row in targets.listed(session)}
    assert known == {2: 1200, 4: 7}

    stale = [cell(date(2026, 5, 1), None, 1), cell(FEBRUARY, 1000, 1)]
    with pytest.raises(Stale), db.transaction(admin) as session:
        targets.write(session, stale)
    with db.reading(admin) as session:
        assert len(targets.listed(session)) == 2


def at_once(deeds: list[Callable[[Session], Any]]) -> list[str]:
    """What becomes of deeds in transactions that have all begun before one ends."""
    start = threading.Barrier(len(deeds))

    def done(deed: Callable[[Session], Any]) -> str:
        try:
            with db.transaction(SYSTEM) as session:
                if db.engine().dialect.name != "sqlite":  # which has one writer
                    session.scalar(select(func.count()).select_from(Target))
                    start.wait(10)
                deed(session)
        except CRMError as error:
            return f"{type(error).__name__}: {error}"
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(done, deeds))


TAKEN = "Duplicate: There is a target of theirs for this period already."


@pytest.mark.parametrize("whose", ["owner_id", "team_id", None])
def test_of_two_who_set_the_same_at_once_one_does(
    admin: Actor, alice: Actor, whose: str | None
) -> None:
    about = {whose: getattr(alice, whose.replace("owner", "user"))} if whose else {}
    given = {"period": "month", "starts_on": FEBRUARY, "amount": "1000"} | about
    form = records.valid(TargetFields, given)

    answers = at_once([lambda session: targets.create(session, form)] * 4)

    assert answers == [TAKEN] * 3 + ["done"]
    with db.reading(SYSTEM) as session:
        assert targets.count(session) == 1


def test_of_two_that_are_moved_onto_the_same_month_one_is(admin: Actor) -> None:
    rows = [created(admin, starts_on=f"2026-0{month}-01") for month in (3, 4)]

    def moved(row: Target) -> Callable[[Session], Any]:
        changes = {"starts_on": "2026-02-01"}
        return lambda session: targets.update(session, row.id, changes)

    assert at_once([moved(row) for row in rows]) == [TAKEN, "done"]
    with db.reading(SYSTEM) as session:
        february = targets.count(session, first=FEBRUARY, last=FEBRUARY)
    assert february == 1


def test_of_two_tables_with_the_same_new_target_one_is_written(admin: Actor) -> None:
    cell = Cell(EVERYONE, Period.MONTH, FEBRUARY, None, Decimal(5))

    answers = at_once([lambda session: targets.write(session, [cell])] * 2)

    assert answers[1] == "done"
    assert answers[0] in (  # SQLite lets the second look after the first has written
        TAKEN,
        "Stale: Somebody has changed these targets since you opened them.",
    )
    with db.reading(SYSTEM) as session:
        assert [one.amount for one in targets.listed(session)] == [5]


def test_periods_begin_and_pass() -> None:
    day = date(2026, 11, 26)

    assert [first_day(one, day) for one in Period] == [
        date(2026, 11, 1), date(2026, 10, 1), date(2026, 1, 1),
    ]  # fmt: skip
    quarter = (Period.QUARTER, date(2026, 1, 1))
    assert share_gone(*quarter, date(2025, 12, 31)) == 0
    assert share_gone(*quarter, date(2026, 1, 9)) == 0.1  # of 90 days
    assert share_gone(*quarter, date(2026, 4, 1)) == 1
    assert weeks_left(*quarter, date(2025, 12, 1)) == 90 / 7
    assert weeks_left(*quarter, date(2026, 3, 31)) == 0
