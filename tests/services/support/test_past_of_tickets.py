"""What the change log knows of tickets that were opened again, on every database."""

from datetime import timedelta

import pytest

from crm import db, warehouse
from crm.models import Actor, TicketKind, TicketStatus
from crm.services import bulk
from crm.services.support import tickets
from tests import make

DAY = timedelta(days=1)


@pytest.mark.slow
def test_a_problem_was_solved_until_it_was_opened_again(admin: Actor) -> None:
    who = make.customer()
    make.order(who, (make.product(), 1, "9"), ordered_at=make.NOON)
    ticket = make.ticket(
        customer_id=who.id, kind=TicketKind.PROBLEM, opened_at=make.NOON
    )
    with db.transaction(admin, at=make.NOON + DAY) as session:
        tickets.move(session, ticket.id, TicketStatus.SOLVED, at=make.NOON + DAY)
    with db.transaction(admin, at=make.NOON + 3 * DAY) as session:
        bulk.edit(session, "ticket", [ticket.id], "status", "open")
    warehouse.refresh()

    with warehouse.reading() as house:
        found = [
            house.churn_features((make.NOON + ago * DAY).date())["open_problems"].item()
            for ago in range(5)
        ]

    assert found == [1, 0, 0, 1, 1]
