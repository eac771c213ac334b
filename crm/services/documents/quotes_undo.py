"""Undo of changes to quotes: a draft goes back in full, what was sent stays as it is.

What the customer holds is not taken back by undo: neither is a sent quote made a draft
again, nor an older version brought back that it has replaced. An answer can be taken
back, to “sent”, as long as no order was made of it.
"""

from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import Deed, Order, Quote, QuoteLine, QuoteStatus
from crm.services import naming
from crm.services.documents import quotes_lines, quotes_log, quotes_rules
from crm.services.documents.quotes_records import quote as find
from crm.services.documents.quotes_records import versions
from crm.services.documents.quotes_rules import OFF_PAPER, SUMS

__all__ = ["SUMS", "check", "lines_back", "settle"]

ANSWERS = {QuoteStatus.ACCEPTED.value, QuoteStatus.DECLINED.value}


def check(session: Session, change: Any, row: Quote) -> None:
    """Make sure that `change` (as in `Change`) of a quote may be taken back.

    Raises:
        RuleBroken: it was sent since, or an order was made of it.
    """
    after = {} if change.deed is Deed.CREATE else change.after or {}
    if after and set(after) <= OFF_PAPER | {"deleted_at"}:
        return
    if after.get("status") in ANSWERS:
        if _goes_on(session, row):
            words = _("Something followed from the answer to {number}: it stays.")
            raise RuleBroken(words.format(number=row.number))
        return
    if row.status is not QuoteStatus.DRAFT or "status" in after:
        words = _("Quote {number} was sent: what is on it stays. Make a new version.")
        raise RuleBroken(words.format(number=row.number))


def lines_back(session: Session, change: Any, row: Quote) -> list[str]:
    """Put the lines back that `change` has altered; why not, in words."""
    row = find(session, row.id, **db.everything)
    held = [quotes_lines.plain(line) for line in row.lines]
    if quotes_log.written(held) != change.after["lines"]:
        words = _("The lines of quote {number} were changed since, and stay.")
        return [words.format(number=row.number)]
    lines = quotes_log.read(change.before["lines"])
    if any(not naming.is_there(session, "product", o["product_id"]) for o in lines):
        return [_("A product of a line is gone; the lines stay as they are.")]
    quotes_lines.put(row.lines, QuoteLine, lines, row.currency)
    quotes_rules.sum_up(row)
    quotes_log.note(session, row, held)
    return []


def settle(session: Session, row: Quote) -> None:
    """Work out amounts and sums of `row` anew: its currency may have gone back."""
    row = find(session, row.id, **db.everything)
    lines = [quotes_lines.plain(line) for line in row.lines]
    quotes_lines.put(row.lines, QuoteLine, lines, row.currency)
    quotes_rules.sum_up(row)
    session.flush()


def _goes_on(session: Session, row: Quote) -> bool:
    """Whether an order was made of it, or a later version of it was sent.

    Its row stays locked: nobody makes an order of it meanwhile.
    """
    quote, table = inspect(Quote).local_table.c, inspect(Order).local_table.c
    lock = select(quote.id).where(quote.id == row.id).with_for_update()
    session.connection().execute(lock)
    found = select(table.id).where(table.quote_id == row.id, table.deleted_at.is_(None))
    if session.connection().scalar(found) is not None:
        return True
    later = (one for one in versions(session, row) if one.revision > row.revision)
    return any(one.status is not QuoteStatus.DRAFT for one in later)
