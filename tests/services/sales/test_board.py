"""The board: counts, sums in the book currency, weights, the first cards, steps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crm import db
from crm.models import ActivityKind, Actor
from crm.services.activities import NextStep
from crm.services.money.exchange_sums import Sum
from crm.services.sales import board
from crm.services.sales.board import Column
from tests import make

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seen(actor: Actor, **asked: Any) -> dict[str, Column]:
    pipeline_id = make.stages()["Won"].pipeline_id
    with db.reading(actor) as session:
        found = board.board(session, pipeline_id, at=AT, **asked)
    return {column.stage.name: column for column in found}


def test_an_empty_board_has_all_its_stages(admin: Actor) -> None:
    found = seen(admin)

    assert len(found) == 6
    assert all(c.total == Sum() and not c.cards for c in found.values())


def test_a_stage_counts_sums_and_weighs(admin: Actor) -> None:
    customer = make.customer()
    for amount in ("100", "250.50"):
        make.opportunity(customer, "Qualified", amount=Decimal(amount))
    make.opportunity(customer, "Qualified", amount=None)

    column = seen(admin)["Qualified"]

    assert column.count == 3
    assert column.total == Sum(3, Decimal("350.50"))
    assert column.weighted.amount == Decimal("87.625")


def test_what_has_a_rate_is_added_up_and_what_has_none_is_told(admin: Actor) -> None:
    customer, dollars = make.customer(), {"currency": "USD", "amount": Decimal(70)}
    make.opportunity(customer, amount=Decimal(100))
    make.opportunity(customer, **dollars, rate=Decimal("0.9"))
    make.opportunity(customer, **dollars)
    make.opportunity(customer, "Qualified", **dollars)

    found = seen(admin)

    lacking = ({"USD": 1}, {"USD": Decimal(70)})
    assert found["Prospecting"].total == Sum(3, Decimal(163), *lacking)
    plain, weighted = board.open_sums(list(found.values()))
    assert plain == Sum(4, Decimal(163), {"USD": 2}, {"USD": Decimal(140)})
    assert weighted.amount == Decimal("16.3")
    assert weighted.others == {"USD": Decimal("24.5")}  # a tenth of 70, a quarter


def test_what_is_won_is_not_open(admin: Actor) -> None:
    make.opportunity(make.customer(), "Won", closed_at=AT)

    assert board.open_sums(list(seen(admin).values())) == (Sum(), Sum())


def test_the_next_to_close_come_first_and_no_more_than_asked(admin: Actor) -> None:
    customer = make.customer()
    for name, close_on in (
        ("late", date(2026, 9, 1)),
        ("never", None),
        ("soon", date(2026, 3, 5)),
    ):
        make.opportunity(customer, name=name, close_on=close_on)

    column = seen(admin, cards=2)["Prospecting"]

    assert [card.opportunity.name for card in column.cards] == ["soon", "late"]
    assert column.count == 3


def test_what_was_closed_long_ago_is_left_out(admin: Actor) -> None:
    customer = make.customer()
    for days in (89, 91):
        make.opportunity(customer, "Won", closed_at=AT - timedelta(days=days))

    assert seen(admin)["Won"].count == 1


def test_a_card_shows_the_next_step_and_its_age(admin: Actor) -> None:
    customer = make.customer()
    busy, _idle = (
        make.opportunity(customer, stage_since=AT - timedelta(days=9, hours=3))
        for _turn in range(2)
    )
    task = {"kind": ActivityKind.TASK, "due_at": AT - timedelta(days=1)}
    make.activity(customer, opportunity_id=busy.id, **task)

    cards = seen(admin)["Prospecting"].cards

    assert [card.step for card in cards] == [NextStep.OVERDUE, NextStep.NONE]
    assert {card.days for card in cards} == {9}


def test_search_and_filter_narrow_counts_too(admin: Actor) -> None:
    customer = make.customer()
    make.opportunity(customer, name="Chairs", source="fair")
    make.opportunity(customer, name="Desks")
    rule = {"field": "source", "op": "is", "value": "fair"}

    assert seen(admin, search="desk")["Prospecting"].count == 1
    narrowed = seen(admin, rule={"match": "all", "rules": [rule]})["Prospecting"]
    assert [card.opportunity.name for card in narrowed.cards] == ["Chairs"]


def test_what_is_out_of_reach_is_on_no_board(alice: Actor, charlie: Actor) -> None:
    make.opportunity(make.customer(alice))

    assert seen(alice)["Prospecting"].count == 1
    assert seen(charlie)["Prospecting"].count == 0
