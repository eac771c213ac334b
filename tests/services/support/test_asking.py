"""A ticket for each of many customers: once, for their owners, in one operation."""

from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid, RuleBroken
from crm.models import SYSTEM, Actor, Ticket, TicketKind, TicketStatus
from crm.services import undo
from crm.services.support import asking, tickets
from crm.services.support.asking import Asked
from tests import make
from tests.make import NOON


def asked(actor: Actor, ids: list[int], subject: str = "How are things?") -> Asked:
    with db.transaction(actor) as session:
        return asking.ask(session, ids, subject, at=NOON)


def kept() -> list[Any]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.customer_id)))


def test_each_gets_an_inquiry_of_its_owner(
    admin: Actor, alice: Actor, bob: Actor
) -> None:
    hers, his, nobodys = make.customer(alice), make.customer(bob), make.customer()

    assert asked(admin, [hers.id, his.id, nobodys.id]) == Asked(3, 0)

    rows = kept()
    assert [row.customer_id for row in rows] == [hers.id, his.id, nobodys.id]
    owners = [alice.user_id, bob.user_id, admin.user_id]
    assert [row.owner_id for row in rows] == owners
    assert {row.kind for row in rows} == {TicketKind.INQUIRY}
    assert {row.subject for row in rows} == {"How are things?"}
    assert {row.opened_at for row in rows} == {NOON}


def test_asking_twice_asks_once(alice: Actor) -> None:
    first, second = make.customer(alice), make.customer(alice)
    asked(alice, [first.id])

    assert asked(alice, [first.id, second.id, second.id]) == Asked(1, 1)

    assert len(kept()) == 2


def test_who_has_answered_can_be_asked_again(alice: Actor) -> None:
    customer = make.customer(alice)
    asked(alice, [customer.id])
    with db.transaction(alice) as session:
        tickets.move(session, kept()[0].id, TicketStatus.SOLVED)

    assert asked(alice, [customer.id]) == Asked(1, 0)


def test_an_open_ticket_of_the_customers_own_is_no_reason_not_to_ask(
    alice: Actor,
) -> None:
    ticket = make.ticket(alice)

    assert asked(alice, [ticket.customer_id or 0]) == Asked(1, 0)


def test_all_of_it_is_undone_at_once(alice: Actor) -> None:
    ids = [make.customer(alice).id, make.customer(alice).id]
    with db.transaction(alice) as session:
        asking.ask(session, ids, "How are things?", at=NOON)
    operation = db.operation_of(session)

    with db.transaction(alice) as session:
        assert undo.undo(session, operation or 0).done == 2

    assert kept() == []
    assert asked(alice, ids) == Asked(2, 0)


def test_customers_out_of_reach_are_left_out(alice: Actor, charlie: Actor) -> None:
    hers, his = make.customer(alice), make.customer(charlie)

    assert asked(charlie, [hers.id, his.id]) == Asked(1, 0)
    with pytest.raises(RuleBroken):
        asked(charlie, [hers.id])

    assert [row.customer_id for row in kept()] == [his.id]


def test_without_a_subject_nobody_is_asked(alice: Actor) -> None:
    ids = [make.customer(alice).id, make.customer(alice).id]

    with pytest.raises(Invalid):
        asked(alice, ids, " ")

    assert kept() == []


def test_who_only_reads_asks_nobody(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        asked(viewer, [make.customer().id])
