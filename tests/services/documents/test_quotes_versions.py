"""What a new version changes, and how a new quote begins."""

from datetime import date
from decimal import Decimal

import pytest

from crm import db
from crm.errors import NotFound
from crm.models import Actor, OpportunityLine, QuoteLine
from crm.services.documents import quotes, quotes_lines
from crm.services.documents.quotes_proposal import price_lists, proposal
from crm.services.documents.quotes_versions import Difference, differences
from tests import make
from tests.services.offers import ON, changed, line, price_list, read, sent, written


@pytest.mark.slow
def test_a_version_says_what_it_changes(alice: Actor) -> None:
    pen, ink, pad = (make.product() for _ in range(3))
    first = written(
        alice,
        make.customer(alice),
        line(pen, 1, unit_price="10"),
        line(ink, 2, unit_price="3"),
    )
    with db.transaction(alice) as session:
        quotes.mark_sent(session, first.id, at=make.NOON)
        second = quotes.revise(session, first.id, on=ON)
    lines = [line(pen, 5, unit_price="9"), line(pad, 1, unit_price="7")]
    changed(alice, second, lines=lines, terms="Net cash")

    found = differences(read(first), read(second))

    assert found == [
        Difference("terms", None, "Net cash"),
        Difference("total", 16, 52),
        Difference("quantity", 1, 5, pen.id),
        Difference("unit_price", 10, 9, pen.id),
        Difference("lines", 2, None, ink.id),
        Difference("lines", None, 1, pad.id),
    ]
    assert differences(read(first), read(first)) == []


def test_a_new_quote_takes_the_lines_of_its_opportunity(alice: Actor) -> None:
    deal = make.opportunity(make.customer(alice), currency="USD")
    make.saved(
        OpportunityLine(
            opportunity_id=deal.id, position=1, product_id=make.product().id,
            quantity=3, unit_price="5.5", discount="0.1", amount="14.85",
        )
    )  # fmt: skip

    with db.reading(alice) as session:
        begun = proposal(session, opportunity_id=deal.id, on=ON)

    (only,) = begun["lines"]
    assert (only["quantity"], only["unit_price"], only["discount"]) == (
        "3", "5.5", "0.1",
    )  # fmt: skip
    assert (begun["customer_id"], begun["currency"]) == (deal.customer_id, "USD")
    assert begun["valid_until"] == "2026-04-01"


def test_no_quote_begins_for_what_is_out_of_reach(alice: Actor, charlie: Actor) -> None:
    deal = make.opportunity(make.customer(charlie))

    for about in ({"opportunity_id": deal.id}, {"customer_id": deal.customer_id}, {}):
        with pytest.raises(NotFound), db.reading(alice) as session:
            proposal(session, on=ON, **about)


def test_only_lists_that_hold_are_offered(alice: Actor) -> None:
    holds = price_list()
    price_list(valid_until=date(2026, 3, 1))
    price_list(active=False)

    with db.reading(alice) as session:
        assert [one.id for one in price_lists(session, on=ON)] == [holds.id]


@pytest.mark.slow
def test_lines_are_worked_out_without_being_stored(alice: Actor) -> None:
    row = sent(alice, make.customer(alice))
    pen = make.product(price=Decimal("2.5"))

    with db.reading(alice) as session:
        basis = quotes.basis(session, "EUR", None)
        made, sums = quotes_lines.worked_out(
            session, QuoteLine, [line(pen, 4, tax_rate="0.2")], basis
        )

    assert [one.amount for one in made] == [10]
    assert (sums.net, sums.total) == (10, 12)
    assert len(read(row).lines) == 1
