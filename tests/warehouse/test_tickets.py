"""Tickets in the warehouse, against figures worked out by hand."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from crm import db, frames, warehouse
from crm.models import SYSTEM, Customer, Ticket, TicketKind, TicketStatus
from crm.services import bulk, recycle_bin
from crm.services.support import asking, tickets
from crm.warehouse import files
from tests import make
from tests.warehouse.copies import (
    ANEW,
    AS_OF,
    FOLLOWED,
    frame,
    order,
    path,
    row,
    stages,
)

PROBLEM = TicketKind.PROBLEM


def day(ago: int) -> datetime:
    """Noon, so many days before the first of March 2026."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) - timedelta(days=ago)


def ticket(customer: Customer | None, ago: int, **details: Any) -> Ticket:
    """One that was opened so many days ago."""
    key = customer.id if customer else None
    return make.ticket(customer_id=key, opened_at=day(ago), **details)


@pytest.fixture
def acme(database: str) -> Customer:
    """A customer who has bought once."""
    made = make.customer(name="Acme")
    order(made, "2024-02-01", (make.product(), 1, "80"))
    return made


def figures(customer: Customer, as_of: date = AS_OF) -> list[Any]:
    """What is known of its tickets, of the year, of 90 days, before, of problems."""
    found = row(frame("churn_features", as_of), customer)
    names = ("tickets", "tickets_90", "tickets_before_90", "open_problems")
    return [found[name] for name in names]


def test_a_ticket_in_full(acme: Customer) -> None:
    one = ticket(acme, 10, kind=PROBLEM, status=TicketStatus.SOLVED, solved_at=day(7))

    (found,) = frame("tickets").to_dict("records")

    assert (found["ticket_id"], found["customer_id"]) == (one.id, acme.id)
    assert found["opened_on"] == pd.Timestamp("2026-02-19")
    assert found["solved_on"] == pd.Timestamp("2026-02-22")
    said = (found["kind"], found["status"], found["priority"])
    assert said == ("problem", "solved", "normal")


@pytest.mark.parametrize("count", [0, 1])
def test_the_frame_is_typed(acme: Customer, count: int) -> None:
    for _one in range(count):
        ticket(acme, 1)

    kinds = frame("tickets").dtypes.astype(str).to_dict()

    assert kinds == frames.TICKETS


def test_tickets_of_nobody_and_of_later_are_not_there(acme: Customer) -> None:
    ticket(None, 1)
    ticket(acme, -1)
    mine = ticket(acme, 0)

    assert frame("tickets", AS_OF)["ticket_id"].tolist() == [mine.id]
    assert frame("tickets", AS_OF, only=[])["ticket_id"].tolist() == []


def test_what_we_ask_ourselves_is_no_request(acme: Customer) -> None:
    with db.transaction(SYSTEM) as session:
        asking.ask(session, [acme.id], "How are things?", at=day(5))
    ticket(acme, 5, source="phone")

    assert figures(acme) == [1, 1, 0, 0]


def test_windows_end_today_and_begin_after_their_first_day(acme: Customer) -> None:
    for ago in (0, 89, 90, 179, 180, 364, 365, -1):
        ticket(acme, ago)

    assert figures(acme) == [6, 2, 2, 0]
    assert figures(acme, date(2026, 2, 28)) == [6, 2, 2, 0]
    assert figures(acme, date(2026, 5, 31)) == [6, 0, 2, 0]


def test_a_problem_is_open_until_it_is_solved(acme: Customer) -> None:
    solved = {"status": TicketStatus.SOLVED, "solved_at": day(5)}
    ticket(acme, 400, kind=PROBLEM)
    ticket(acme, 20, kind=PROBLEM, **solved)
    ticket(acme, 20)

    opened = {ago: figures(acme, day(ago).date())[-1] for ago in (21, 20, 6, 5, 0)}

    assert opened == {21: 1, 20: 2, 6: 2, 5: 1, 0: 1}


def test_who_has_no_ticket_has_none_of_it(acme: Customer) -> None:
    assert figures(acme) == [0, 0, 0, 0]


def test_what_changes_is_copied_again(acme: Customer) -> None:
    one, other = (ticket(acme, 5, kind=PROBLEM) for _one in range(2))
    assert figures(acme) == [2, 2, 0, 2]

    with db.transaction(SYSTEM) as session:
        tickets.move(session, one.id, TicketStatus.SOLVED, at=day(1))
        bulk.remove(session, "ticket", [other.id])
    ticket(acme, 3)

    assert FOLLOWED in stages()
    assert figures(acme) == [2, 2, 0, 0]


def solved_and_opened_again(one: Ticket, solved: int, again: int | None) -> None:
    """By hand, so many days ago."""
    for ago, status in ((solved, TicketStatus.SOLVED), (again, TicketStatus.OPEN)):
        if ago is not None:
            with db.transaction(SYSTEM, at=day(ago)) as session:
                tickets.move(session, one.id, status, at=day(ago))


def open_problems(customer: Customer, *ago: int) -> dict[int, int]:
    return {days: figures(customer, day(days).date())[-1] for days in ago}


def test_a_problem_that_was_opened_again_was_solved_meanwhile(acme: Customer) -> None:
    one = ticket(acme, 100, kind=PROBLEM)
    solved_and_opened_again(one, 80, 60)
    solved_and_opened_again(one, 40, 20)
    solved_and_opened_again(one, 10, 10)  # on the same day

    expected = {100: 1, 81: 1, 80: 0, 61: 0, 60: 1, 41: 1, 40: 0, 21: 0, 20: 1, 10: 1}
    assert open_problems(acme, *expected, 0) == expected | {0: 1}

    solved_and_opened_again(one, 5, None)

    assert FOLLOWED in stages()
    assert open_problems(acme, *expected, 6, 5, 0) == expected | {6: 1, 5: 0, 0: 0}


def test_the_log_gives_the_same_when_everything_is_copied(acme: Customer) -> None:
    one = ticket(acme, 100, kind=PROBLEM)
    warehouse.refresh()
    solved_and_opened_again(one, 80, 60)
    followed = open_problems(acme, 81, 80, 61, 60)

    path().unlink()

    assert ANEW in stages()
    assert open_problems(acme, 81, 80, 61, 60) == followed
    assert followed == {81: 1, 80: 0, 61: 0, 60: 1}


def test_a_ticket_in_the_recycle_bin_leaves_nothing_of_it(acme: Customer) -> None:
    one = ticket(acme, 100, kind=PROBLEM)
    solved_and_opened_again(one, 80, 60)
    assert open_problems(acme, 60) == {60: 1}

    with db.transaction(SYSTEM) as session:
        tickets.remove(session, one.id)
    assert stages() == {FOLLOWED}
    with closing(files.opened()) as duck:
        assert duck.table("house.main.reopened").fetchall() == []

    with db.transaction(SYSTEM) as session:
        recycle_bin.restore(session, "ticket", [one.id])
    assert open_problems(acme, 61, 60) == {61: 0, 60: 1}
