"""The way of a quote: sent, answered, followed by a new version; and undo."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Invalid, NotFound, RuleBroken, Stale
from crm.models import SYSTEM, Actor, Change, Deed, Order, Quote, QuoteStatus
from crm.services import recycle_bin, undo
from crm.services.admin import company
from crm.services.admin.company import CompanyFields
from crm.services.documents import quote_links, quotes
from crm.services.timeline import timeline
from tests import make
from tests.services.offers import (
    AT,
    LATER,
    ON,
    changed,
    done,
    line,
    read,
    sent,
    undone,
    written,
)


def accepted(actor: Actor, row: Quote, **more: Any) -> int:
    given = {"by": "Jo Weber", "at": AT} | more
    return done(actor, lambda s: quotes.accept(s, row.id, **given))


def revised(actor: Actor, row: Quote) -> Quote:
    with db.transaction(actor) as session:
        return quotes.revise(session, row.id, on=date(2026, 3, 20))


def dispatched(actor: Actor, row: Quote) -> int:
    return done(actor, lambda s: quotes.mark_sent(s, row.id, at=AT))


def test_acceptance_says_who_and_when(alice: Actor) -> None:
    made = sent(alice, make.customer(alice))

    accepted(alice, made, note="By phone")

    found = read(made)
    assert (found.status, found.answered_at) == (QuoteStatus.ACCEPTED, AT)
    assert (found.answered_by, found.answer_note) == ("Jo Weber", "By phone")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "not sent yet"),
        ("accepted", "accepted already"),
        ("declined", "declined already"),
        ("replaced", "newer version"),
    ],
)
def test_what_was_answered_or_replaced_is_not_accepted(
    alice: Actor, status: str, words: str
) -> None:
    made = make.quote(make.customer(alice), status=QuoteStatus(status))

    for answer in (quotes.accept, quotes.decline):
        with pytest.raises(RuleBroken, match=words):
            done(alice, lambda s, a=answer: a(s, made.id, by="Jo", at=AT))


def test_a_lapsed_quote_is_declined_but_not_accepted(alice: Actor) -> None:
    made = sent(alice, make.customer(alice))
    with pytest.raises(RuleBroken, match="2026-04-01"):
        accepted(alice, made, at=LATER)

    done(alice, lambda s: quotes.decline(s, made.id, by="Jo", at=LATER))

    assert read(made).status is QuoteStatus.DECLINED


def test_it_is_accepted_to_the_end_of_its_last_day(alice: Actor) -> None:
    made = sent(alice, make.customer(alice))

    accepted(alice, made, at=LATER.replace(day=1, hour=23, minute=59))

    assert read(made).status is QuoteStatus.ACCEPTED


@pytest.mark.parametrize("by", ["", "  ", "x" * 201, "a\x00b"])
def test_nobody_accepts_without_a_name(alice: Actor, by: str) -> None:
    made = sent(alice, make.customer(alice))

    with pytest.raises(Invalid):
        accepted(alice, made, by=by)


def test_acceptance_leaves_the_opportunity_as_it_is(alice: Actor) -> None:
    customer = make.customer(alice)
    deal = make.opportunity(customer)
    made = sent(alice, customer, opportunity_id=deal.id)

    accepted(alice, made)

    with db.reading(alice) as session:
        now = db.get(session, type(deal), deal.id)
        assert quotes.of_opportunity(session, deal.id)[0].id == made.id
    assert (now.version, now.state) == (1, "open")


def test_a_draft_is_sent_once_and_not_after_its_last_day(alice: Actor) -> None:
    made = written(alice, make.customer(alice))
    with pytest.raises(RuleBroken, match="last day"):
        done(alice, lambda s: quotes.mark_sent(s, made.id, at=LATER))

    dispatched(alice, made)

    assert read(made).sent_at == AT
    with pytest.raises(RuleBroken, match="already"):
        dispatched(alice, made)


@pytest.mark.slow
def test_a_new_version_is_like_the_old_one_and_replaces_it_when_sent(
    alice: Actor,
) -> None:
    ink = line(make.product(), 2, unit_price="9.99", discount="0.1", tax_rate="0.19")
    first = written(alice, make.customer(alice), ink, intro="Dear all,")
    dispatched(alice, first)

    second = revised(alice, first)

    found = read(second)
    assert (found.number, found.revision) == (first.number, 2)
    assert (found.intro, found.total) == ("Dear all,", read(first).total)
    assert found.valid_until == date(2026, 4, 19)  # as long as the first one
    assert read(first).status is QuoteStatus.SENT
    dispatched(alice, second)
    assert read(first).status is QuoteStatus.REPLACED
    with pytest.raises(RuleBroken, match="newer version"):
        accepted(alice, first)
    accepted(alice, second)


def test_one_version_is_written_at_a_time(alice: Actor) -> None:
    first = sent(alice, make.customer(alice))
    second = revised(alice, first)

    for row, words in ((first, "Version 2"), (second, "draft")):
        with pytest.raises(RuleBroken, match=words):
            revised(alice, row)


def test_a_version_in_the_bin_keeps_its_number(alice: Actor) -> None:
    first = sent(alice, make.customer(alice))
    second = revised(alice, first)
    done(alice, lambda s: quotes.remove(s, second.id))

    assert revised(alice, first).revision == 3


@pytest.mark.slow
def test_a_sent_version_in_the_bin_is_replaced_and_does_not_come_back_to_be_accepted(
    alice: Actor,
) -> None:
    first = sent(alice, make.customer(alice))
    second = revised(alice, first)
    done(alice, lambda s: quotes.remove(s, first.id))
    dispatched(alice, second)
    done(alice, lambda s: recycle_bin.restore(s, "quote", [first.id]))

    with pytest.raises(RuleBroken, match="newer version"):
        accepted(alice, first)


@pytest.mark.slow
def test_what_was_accepted_meanwhile_is_not_replaced(alice: Actor) -> None:
    first = sent(alice, make.customer(alice))
    second = revised(alice, first)
    accepted(alice, first)

    with pytest.raises(RuleBroken, match="Version 1 was accepted"):
        dispatched(alice, second)
    with pytest.raises(RuleBroken, match="stands"):
        revised(alice, first)


@pytest.mark.slow
def test_a_declined_quote_gets_a_new_version_and_stays_declined(alice: Actor) -> None:
    first = sent(alice, make.customer(alice))
    done(alice, lambda s: quotes.decline(s, first.id, by="Jo", at=AT))

    dispatched(alice, revised(alice, first))

    assert read(first).status is QuoteStatus.DECLINED


def test_of_two_answers_at_once_the_second_is_told(alice: Actor) -> None:
    made = sent(alice, make.customer(alice))
    version = read(made).version
    accepted(alice, made)

    with pytest.raises(Stale):
        done(
            alice,
            lambda s: quotes.decline(s, made.id, by="Jo", at=AT, version=version),
        )


@pytest.mark.slow
def test_undo_puts_a_new_quote_into_the_bin(alice: Actor) -> None:
    made = written(alice, make.customer(alice))

    assert undone(alice, creation(made)) == []

    with pytest.raises(NotFound):
        read(made)
    with db.reading(alice) as session:
        assert [one.id for one in recycle_bin.listed(session, "quote")] == [made.id]


def creation(row: Quote) -> int:
    """The number of the operation that has made `row`."""
    with db.reading(SYSTEM) as session:
        made = select(col(Change.operation_id)).where(
            col(Change.entity) == "quote",
            col(Change.record_id) == row.id,
            col(Change.deed) == Deed.CREATE,
        )
        return int(session.scalar(made) or 0)


@pytest.mark.slow
def test_undo_brings_lines_sums_and_currency_back_and_forth(alice: Actor) -> None:
    pen, ink = make.product(), make.product()
    first = [line(pen, 1, unit_price="0.5"), line(ink, 2, unit_price="3")]
    made = written(alice, make.customer(alice), *first)
    operation = changed(
        alice, made, currency="JPY", lines=[line(pen, 9, unit_price="100")]
    )

    with db.transaction(alice) as session:
        assert undo.undo(session, operation).skipped == []
    back = read(made)
    assert [one.quantity for one in back.lines] == [1, 2]
    assert (back.currency, back.net) == ("EUR", Decimal("6.5"))
    assert undone(alice, db.operation_of(session) or 0) == []
    forth = read(made)
    assert (forth.currency, forth.net, len(forth.lines)) == ("JPY", 900, 1)


@pytest.mark.slow
def test_undo_leaves_lines_that_have_changed_since(alice: Actor) -> None:
    pen = make.product()
    made = written(alice, make.customer(alice), line(pen, 1, unit_price="1"))
    operation = changed(alice, made, lines=[line(pen, 2, unit_price="1")])
    changed(alice, made, lines=[line(pen, 3, unit_price="1")])

    (stays,) = undone(alice, operation)

    assert "lines" in stays
    assert read(made).net == 3


@pytest.mark.slow
def test_undo_does_not_make_a_sent_quote_a_draft(alice: Actor) -> None:
    made = written(alice, make.customer(alice))
    edit = changed(alice, made, intro="x")
    operation = dispatched(alice, made)

    for one in (operation, edit, creation(made)):
        with pytest.raises(RuleBroken, match="was sent"):
            undone(alice, one)

    assert (read(made).status, read(made).intro) == (QuoteStatus.SENT, "x")


@pytest.mark.slow
def test_undo_takes_an_answer_back_but_not_what_followed(alice: Actor) -> None:
    made = sent(alice, make.customer(alice))
    operation = accepted(alice, made)

    assert undone(alice, operation) == []
    found = read(made)
    assert (found.status, found.answered_by) == (QuoteStatus.SENT, None)

    again = accepted(alice, made)
    details = {"customer_id": made.customer_id, "ordered_at": AT, "currency": "EUR"}
    make.saved(Order(number="O-1", quote_id=made.id, **details))
    with pytest.raises(RuleBroken, match="followed"):
        undone(alice, again)
    assert read(made).status is QuoteStatus.ACCEPTED


@pytest.mark.slow
def test_a_change_of_lines_is_in_the_log(alice: Actor) -> None:
    pen = make.product()
    made = written(alice, make.customer(alice), line(pen, 1, unit_price="10"))
    version = read(made).version

    same = line(pen, 1, unit_price="10")
    changed(alice, made, lines=[same | {"description": "Blue"}])

    with db.reading(alice) as session:
        latest = timeline(session, made.customer_id)[0]
    (told,) = latest.changes
    assert (told.name, told.after) == ("lines", f"1 × {pen.name}: 10")
    assert read(made).version == version + 1


def test_the_public_address_opens_this_version_only(alice: Actor) -> None:
    first, second = (sent(alice, make.customer(alice)) for _ in range(2))
    token = quote_links.token(read(first))

    with db.reading(SYSTEM) as session:
        assert quote_links.read(session, token).id == first.id
        forged = [
            token.replace(str(first.id), str(second.id), 1), token[:-1], token + "A",
            token.swapcase(), "", "-", "1", "²-x", f"{2**70}-x", "x" * 10_000,
        ]  # fmt: skip
        for one in forged:
            with pytest.raises(NotFound):
                quote_links.read(session, one)


def test_the_public_address_shows_no_draft(alice: Actor) -> None:
    made = written(alice, make.customer(alice))

    with pytest.raises(NotFound), db.reading(SYSTEM) as session:
        quote_links.read(session, quote_links.token(made))


def test_the_paper_is_whole_for_whoever_may_read_the_quote(
    alice: Actor, admin: Actor
) -> None:
    with db.transaction(SYSTEM) as session:
        company.save(session, CompanyFields(name="Elbe Works", address="Kai 1"))
    customer = make.customer(
        alice, name="Rhine Mills", city="Köln", postal_code="50667", country="DE"
    )
    contact = make.contact(customer, first_name="Jo", last_name="Weber")
    ink = make.product(sku="INK", name="Ink")
    made = written(
        alice,
        customer,
        line(ink, 2, unit_price="10", tax_rate="0.19"),
        contact_id=contact.id,
        language="zh_CN",
    )
    alone = frozenset({"quote:read"})
    narrow = replace(admin, kind="token", scopes=alone)

    with db.reading(narrow) as session:
        paper = quotes.paper(session, quotes.quote(session, made.id))

    assert paper.sender[:2] == ("Elbe Works", "Kai 1")
    assert paper.recipient == ("Rhine Mills", "Jo Weber", "50667 Köln", "德国")
    assert [(one.sku, one.text, one.amount) for one in paper.lines] == [
        ("INK", "Ink", 20)
    ]
    assert (paper.number, paper.revision, paper.until) == (
        made.number, 1, date(2026, 4, 1),
    )  # fmt: skip
    assert (
        paper.total == read(made).total == paper.net + sum(t for _r, t in paper.taxes)
    )
    assert paper.issued_on == ON
