"""Quotes: written as drafts, sent, answered; a sent one is never changed.

What comes after the draft lies in `quotes_steps`, reading in `quotes_records`, the
paper in `quotes_paper`; the verbs and nouns of all are to be had here.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _, best
from crm.models import (
    Action,
    Contact,
    LineFields,
    Quote,
    QuoteFields,
    QuoteLine,
    QuoteStatus,
)
from crm.services import days, records
from crm.services.admin import company
from crm.services.documents import quotes_lines, quotes_log
from crm.services.documents.numbers import next_number
from crm.services.documents.quotes_paper import paper
from crm.services.documents.quotes_records import (
    of_customer,
    of_opportunity,
    quote,
    versions,
)
from crm.services.documents.quotes_rules import OFF_PAPER, check, price_list, sum_up
from crm.services.documents.quotes_steps import accept, decline, mark_sent, revise
from crm.services.money import exchange
from crm.services.prices.pricing import currency_code

__all__ = [
    "accept", "basis", "create", "decline", "mark_sent", "of_customer",
    "of_opportunity", "paper", "quote", "remove", "revise", "update", "versions",
]  # fmt: skip

HEADER = tuple(name for name in QuoteFields.model_fields if name != "lines")


def create(session: Session, form: QuoteFields, *, on: date | None = None) -> Quote:
    """Write the first version of a quote, a draft, on a day (today).

    What the form leaves out follows: the last day, the terms, and the tax of products
    that have none, from the settings of our company; the currency from the price
    list; the language from the contact; the owner is the actor.

    Raises:
        NotFound: what it is to be linked to, or a product, does not exist.
        Invalid: a value does not fit, or no price of a product is known.
    """
    records.check_links(session, form)
    listed = price_list(session, form.price_list_id)
    code = form.currency or (listed.currency if listed else None)
    first = form.issued_on or on or days.today()
    given = records.own(session, form).model_dump(exclude={"lines"})
    given |= {"currency": currency_code(code), "issued_on": first, "number": ""}
    row = Quote(**given, lines=[])
    _complete(session, row, form.model_fields_set)
    check(session, row, HEADER)
    _price(session, row, form.lines)
    exchange.price(session, row, row.issued_on)
    row.number = next_number(session, "quote", row.issued_on)
    session.add(row)
    session.flush()
    return row


def update(
    session: Session,
    quote_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> Quote:
    """Change the fields in `changes` of a draft; `lines` are given as a whole.

    Of a sent quote only what is on no paper can change: its owner, its opportunity.

    Raises:
        Forbidden: no right to change quotes.
        NotFound: it, what it is to be linked to, or a product does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or no price of a product is known.
        RuleBroken: it was sent.
    """
    db.require(db.actor_of(session), Action.UPDATE, "quote")  # lines alone tell nobody
    row = quote(session, quote_id)
    records.expect(row, version)
    before = [quotes_lines.plain(line) for line in row.lines]
    kept = {name: getattr(row, name) for name in HEADER} | {"lines": before}
    form = records.valid(QuoteFields, kept | changes)
    if row.status is not QuoteStatus.DRAFT and changes.keys() - OFF_PAPER:
        raise RuleBroken(_("A quote that was sent is not changed; make a new version."))
    with session.no_autoflush:
        for name in changes.keys() - {"lines", "currency", "issued_on"}:
            setattr(row, name, getattr(form, name))
        if "currency" in changes:
            row.currency = currency_code(form.currency)
        row.issued_on = form.issued_on or row.issued_on
        records.check_links(session, row, changes)
        check(session, row, changes)
        if {"lines", "currency"} & changes.keys():
            known = {line["product_id"] for line in before}
            _price(session, row, form.lines, known)
        if {"currency", "issued_on"} & changes.keys():
            exchange.price(session, row, row.issued_on)
    quotes_log.note(session, row, before)
    return row


def remove(session: Session, quote_id: int, *, version: int | None = None) -> Quote:
    """Put one version of a quote into the recycle bin."""
    row = db.get(session, Quote, quote_id)
    records.bin_(session, row, version=version)
    return row


def basis(
    session: Session, currency: str, price_list_id: int | None
) -> quotes_lines.Basis:
    """What the prices of lines in that currency rest on."""
    tax_rate = company.profile(session).tax_rate
    return quotes_lines.Basis(currency, price_list_id, tax_rate)


def _complete(session: Session, row: Quote, given: Collection[str]) -> None:
    """Fill in what is usual where nothing was `given`, not even that it is empty."""
    usual = company.profile(session)
    if "terms" not in given:
        row.terms = usual.quote_terms
    if "valid_until" not in given:
        row.valid_until = row.issued_on + timedelta(days=usual.quote_days)
    if "language" not in given and row.contact_id is not None:
        row.language = best(db.get(session, Contact, row.contact_id).language)


def _price(
    session: Session,
    row: Quote,
    lines: Sequence[LineFields],
    known: Collection[int] = (),
) -> None:
    """Make `lines` the lines of `row`, and work out its sums."""
    rests_on = basis(session, row.currency, row.price_list_id)
    made = quotes_lines.filled(session, lines, rests_on, known=known)
    quotes_lines.put(row.lines, QuoteLine, made, row.currency)
    sum_up(row)
