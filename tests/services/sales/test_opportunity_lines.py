"""Products of an opportunity: their sum is its amount, in the log, and undone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import SYSTEM, Actor, Estimate, LineFields, Opportunity, OpportunityLine
from crm.services import lists, records, undo
from crm.services.documents import quotes_proposal
from crm.services.sales import opportunities, opportunity_lines
from crm.services.timeline import timeline
from tests import make
from tests.services.offers import done, line, undone

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


def opened(actor: Actor, **details: Any) -> Opportunity:
    """An opportunity of 1,000 euro, with its first estimate."""
    rated = {"rate": 1, "rate_on": AT.date()} if "currency" not in details else {}
    row = make.opportunity(make.customer(actor), **rated | details)
    said = {"base_amount": row.base_amount, "close_on": row.close_on}
    make.saved(Estimate(opportunity_id=row.id, at=AT, **said))
    return row


def put(actor: Actor, row: Opportunity, *lines: dict[str, Any], **more: Any) -> int:
    """Replace its lines; the number of the operation."""
    forms = [records.valid(LineFields, one) for one in lines]
    more = {"at": AT} | more
    return done(actor, lambda s: opportunity_lines.replace(s, row.id, forms, **more))


def changed(actor: Actor, row: Opportunity, **changes: Any) -> int:
    return done(actor, lambda s: opportunities.update(s, row.id, changes, at=AT))


def read(row: Opportunity, actor: Actor = SYSTEM) -> Opportunity:
    with db.reading(actor) as session:
        return opportunities.opportunity(session, row.id)


def expected(row: Opportunity) -> list[Decimal | None]:
    """What was expected of it, over time."""
    found = select(Estimate).where(Estimate.opportunity_id == row.id)
    with db.reading(SYSTEM) as session:
        rows = session.scalars(found.order_by(Estimate.at, Estimate.id))
        return [one.base_amount for one in rows]


@pytest.mark.slow
def test_the_amount_is_the_sum_before_tax(alice: Actor) -> None:
    row = opened(alice)
    pen = make.product(price=Decimal("9.99"), tax_rate=Decimal("0.19"))
    ink = make.product(price=Decimal(100))

    put(alice, row, line(pen, 3), line(ink, 2, unit_price="50", discount="0.1"))

    found = read(row)
    assert [(x.unit_price, x.tax_rate, x.amount) for x in found.lines] == [
        (Decimal("9.99"), Decimal("0.19"), Decimal("29.97")),
        (Decimal(50), 0, 90),
    ]
    assert (found.amount, found.base_amount) == (Decimal("119.97"),) * 2
    assert expected(row) == [1000, Decimal("119.97")]


def test_the_same_sum_says_nothing_new(alice: Actor) -> None:
    row, pen = opened(alice), make.product()

    put(alice, row, line(pen, 10, unit_price="100"))

    assert expected(row) == [1000]
    assert read(row).version == row.version + 1


def test_while_there_are_lines_no_amount_is_typed(alice: Actor) -> None:
    row, pen = opened(alice), make.product()
    put(alice, row, line(pen, 1, unit_price="5"))

    changed(alice, row, amount="5", source="Fair")
    with pytest.raises(RuleBroken, match="sum of the products"):
        changed(alice, row, amount="6")
    put(alice, row)
    changed(alice, row, amount="7")

    assert (read(row).amount, read(row).source) == (7, "Fair")


def test_another_currency_rounds_the_lines_anew(alice: Actor) -> None:
    make.rate("JPY", "2026-02-01", "0.01")
    row, pen = opened(alice), make.product()
    put(alice, row, line(pen, 3, unit_price="2.5"))

    changed(alice, row, currency="JPY")

    found = read(row)
    assert (found.amount, found.lines[0].amount) == (8, 8)
    assert found.base_amount == Decimal("0.08")
    assert expected(row)[-1] == Decimal("0.08")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"quantity": "0"}, "lines.0.quantity"),
        ({}, "lines.0.unit_price"),  # the product has no price
        ({"unit_price": "-1"}, "lines"),
        ({"unit_price": "1e12", "quantity": "2"}, "lines"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(
    alice: Actor, fields: dict[str, Any], where: str
) -> None:
    row = opened(alice)

    with pytest.raises(Invalid) as told:
        put(alice, row, line(make.product()) | fields)

    assert told.value.field == where
    assert (read(row).amount, read(row).lines) == (1000, [])


def test_who_may_not_change_it_changes_no_lines(
    alice: Actor, charlie: Actor, viewer: Actor
) -> None:
    row, pen = opened(alice), make.product()
    one = line(pen, unit_price="5")

    with pytest.raises(Forbidden):
        put(viewer, row, one)
    with pytest.raises(NotFound):
        put(charlie, row, one)
    put(alice, row, one, version=row.version)
    with pytest.raises(Stale):
        put(alice, row, version=row.version)

    with db.reading(charlie) as session:
        assert list(session.scalars(select(OpportunityLine))) == []


def test_the_log_tells_which_lines(alice: Actor) -> None:
    row, pen = opened(alice), make.product(name="Pen")

    put(alice, row, line(pen, 2, unit_price="10"))

    with db.reading(alice) as session:
        latest = timeline(session, row.customer_id)[0]
    told = {c.name: (c.before, c.after) for c in latest.changes}
    assert told["lines"] == ("–", "2 × Pen: 10")
    assert told["amount"] == ("1000", "20")


@pytest.mark.slow
def test_undo_brings_back_what_was_typed_and_again(alice: Actor) -> None:
    row, pen = opened(alice), make.product()
    first = put(alice, row, line(pen, 2, unit_price="10"))

    back = done(alice, lambda s: undo.undo(s, first))
    assert (read(row).amount, read(row).lines, expected(row)) == (1000, [], [1000])

    assert undone(alice, back) == []
    assert (read(row).amount, len(read(row).lines)) == (20, 1)
    assert expected(row) == [1000, 20]


@pytest.mark.slow
def test_undo_leaves_alone_what_came_after(alice: Actor) -> None:
    row, pen = opened(alice), make.product()
    first = put(alice, row, line(pen, 2, unit_price="10"))
    typed = changed(alice, row, currency="USD")
    put(alice, row, line(pen, 3, unit_price="10"))

    (stays,) = undone(alice, first)
    assert "changed since" in stays
    assert undone(alice, typed) == []

    found = read(row)
    assert (found.amount, found.currency, len(found.lines)) == (30, "EUR", 1)
    assert expected(row)[-1] == 30


def test_a_new_quote_takes_the_lines_along(alice: Actor) -> None:
    row, pen = opened(alice, currency="USD"), make.product()
    put(alice, row, line(pen, 2, unit_price="10", discount="0.5"))

    with db.reading(alice) as session:
        begun = quotes_proposal.proposal(session, opportunity_id=row.id, on=DAY)

    assert begun["currency"] == "USD"
    (one,) = begun["lines"]
    assert (one["product_id"], one["quantity"], one["discount"]) == (pen.id, "2", "0.5")


@pytest.mark.slow
def test_a_list_finds_and_names_products(alice: Actor, charlie: Actor) -> None:
    pen, ink = make.product(name="Pen"), make.product(name="Ink")
    both, one = opened(alice, name="Both"), opened(alice, name="One")
    theirs = opened(charlie, name="Theirs")
    make.order(make.customer(alice), (pen, 1, "5"))  # bought is not offered
    for row in (both, one, theirs):
        put(SYSTEM, row, line(pen, unit_price="5"))
    put(SYSTEM, both, line(pen, unit_price="5"), line(ink, unit_price="5"))
    opened(alice, name="Nothing")

    def found(op: str, *ids: int) -> list[tuple[str, Any]]:
        rule = {"field": "products", "op": op, "value": list(ids)}
        query = lists.Query(
            "opportunity", "", {"match": "all", "rules": [rule]}, "name",
            ("name", "products"),
        )  # fmt: skip
        with db.reading(alice) as session:
            rows = lists.page(session, query, today=DAY).rows
        return [(row["name"], row["products"]) for row in rows]

    assert found("any", pen.id) == [("Both", ["Ink", "Pen"]), ("One", ["Pen"])]
    assert found("all", pen.id, ink.id) == [("Both", ["Ink", "Pen"])]
    assert found("none", ink.id) == [("Nothing", None), ("One", ["Pen"])]
    assert found("empty") == [("Nothing", None)]
