"""The way of a quote after it is written: sent, answered, followed by a new version.

An older version is replaced when the newer one is sent, not before: until then the
customer holds an offer that stands, and may accept it.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import Quote, QuoteLine, QuoteStatus
from crm.services import days, records
from crm.services.documents import quotes_lines, quotes_rules
from crm.services.documents.quotes_records import (
    last_revision,
    quote,
    versions,
    versions_now,
)
from crm.services.money import exchange

COPIED = (
    "number", "customer_id", "contact_id", "opportunity_id", "price_list_id",
    "owner_id", "language", "currency", "intro", "terms",
)  # fmt: skip


def mark_sent(
    session: Session, quote_id: int, *, at: datetime, version: int | None = None
) -> Quote:
    """Note that a draft was sent at `at`; versions sent earlier are replaced by it.

    Those in the recycle bin count: they may come back.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it is no draft, its last day has passed, or another version was
            accepted, or a later one sent, in the meantime.
    """
    row = quote(session, quote_id)
    all_versions = versions_now(session, row)
    records.expect(row, version)
    if row.status is not QuoteStatus.DRAFT:
        raise RuleBroken(_("It was sent already."))
    if row.has_lapsed(days.day_of(at)):
        raise RuleBroken(_("Its last day has passed; set a later one first."))
    for other in all_versions:
        if other.status is QuoteStatus.ACCEPTED:
            words = _("Version {n} was accepted; make a new quote instead.")
            raise RuleBroken(words.format(n=other.revision))
        if other.revision > row.revision and other.status is not QuoteStatus.DRAFT:
            raise RuleBroken(
                _("Version {n} was sent already.").format(n=other.revision)
            )
        if other.status is QuoteStatus.SENT:
            other.status = QuoteStatus.REPLACED
    row.status, row.sent_at = QuoteStatus.SENT, at
    session.flush()
    return row


def accept(
    session: Session,
    quote_id: int,
    *,
    by: str,
    note: str | None = None,
    at: datetime,
    version: int | None = None,
) -> Quote:
    """Note that somebody, by name, has accepted a quote at `at`.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: no name, or a text that is too long.
        RuleBroken: it was not sent, is answered or replaced already, or has lapsed.
    """
    row = _at(session, quote_id, version)
    if row.has_lapsed(days.day_of(at)) and row.status is QuoteStatus.SENT:
        words = _("This quote was valid until {day}; ask for a new version.")
        raise RuleBroken(words.format(day=(row.valid_until or at).strftime("%Y-%m-%d")))
    return _answer(session, row, QuoteStatus.ACCEPTED, by, note, at)


def decline(
    session: Session,
    quote_id: int,
    *,
    by: str,
    note: str | None = None,
    at: datetime,
    version: int | None = None,
) -> Quote:
    """Note that somebody, by name, has declined a quote at `at`; a lapsed one, too.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: no name, or a text that is too long.
        RuleBroken: it was not sent, or is answered or replaced already.
    """
    row = _at(session, quote_id, version)
    return _answer(session, row, QuoteStatus.DECLINED, by, note, at)


def revise(
    session: Session,
    quote_id: int,
    *,
    on: date | None = None,
    valid_until: date | None = None,
    version: int | None = None,
) -> Quote:
    """Begin the next version of a sent or declined quote: a draft like it, of a day.

    It is valid for as long as the old one was, unless told. The old one stands until
    the new one is sent.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: the last day lies before the first, or is out of range.
        RuleBroken: it is a draft, accepted or replaced, or there is a draft already.
    """
    old = _at(session, quote_id, version)
    _check_revisable(session, old)
    on = on or days.today()
    given = {name: getattr(old, name) for name in COPIED}
    row = Quote(**given, issued_on=on, revision=last_revision(session, old.number) + 1)
    row.valid_until = valid_until
    if valid_until is None and old.valid_until is not None:
        row.valid_until = on + (old.valid_until - old.issued_on)
    made = [quotes_lines.plain(line) for line in old.lines]
    row.lines = quotes_lines.built(QuoteLine, made, row.currency)
    quotes_rules.check(session, row, {"valid_until"})
    quotes_rules.sum_up(row)
    exchange.price(session, row, on)
    session.add(row)
    session.flush()
    return row


def _at(session: Session, quote_id: int, version: int | None) -> Quote:
    row = quote(session, quote_id)
    records.expect(row, version)
    return row


def _answer(
    session: Session,
    row: Quote,
    status: QuoteStatus,
    by: str,
    note: str | None,
    at: datetime,
) -> Quote:
    refused = {
        QuoteStatus.DRAFT: _("This quote was not sent yet."),
        QuoteStatus.ACCEPTED: _("This quote was accepted already."),
        QuoteStatus.DECLINED: _("This quote was declined already."),
        QuoteStatus.REPLACED: _("A newer version has replaced this quote."),
    }
    if why := refused.get(row.status):
        raise RuleBroken(why)
    missing = _("Say who has answered.")
    row.answered_by = records.text(by, longest=200, missing=missing, field="by")
    row.answer_note = None
    if note and note.strip():
        row.answer_note = records.text(note, longest=500, missing="", field="note")
    row.status, row.answered_at = status, at
    session.flush()
    return row


def _check_revisable(session: Session, old: Quote) -> None:
    refused: dict[QuoteStatus, Any] = {
        QuoteStatus.DRAFT: _("It is a draft: change it as it is."),
        QuoteStatus.ACCEPTED: _("An accepted quote stands; make a new quote instead."),
        QuoteStatus.REPLACED: _("A newer version has replaced this quote."),
    }
    if why := refused.get(old.status):
        raise RuleBroken(why)
    for other in versions(session, old):
        if other.revision > old.revision:
            words = _("Version {n} is there already.")
            raise RuleBroken(words.format(n=other.revision))
