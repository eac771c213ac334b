"""Products of an opportunity: lines with quantity, price, discount and tax.

While there are lines, their sum before tax is the amount of the opportunity; without
lines it is typed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import Action, LineFields, Opportunity, OpportunityLine, utcnow
from crm.services import naming, records
from crm.services.admin import company
from crm.services.documents import quotes_lines, quotes_log
from crm.services.sales.opportunity_records import opportunity
from crm.services.sales.opportunity_worth import (
    Stated,
    estimated,
    has_lines,
    restate,
    sum_up,
)

SUM = "amount"
"""The field that follows from the lines."""


def replace(
    session: Session,
    opportunity_id: int,
    lines: Sequence[LineFields],
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """Make `lines` the lines of an opportunity, and their sum its amount.

    A line without a price or tax takes the usual one. Without lines the amount stays
    as it is, and can be typed again.

    Raises:
        Forbidden: no right to change opportunities.
        NotFound: it, or a product, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or no price of a product is known.
    """
    db.require(db.actor_of(session), Action.UPDATE, "opportunity")
    row = opportunity(session, opportunity_id)
    records.expect(row, version)
    before, was = [quotes_lines.plain(line) for line in row.lines], Stated.of(row)
    known = {line["product_id"] for line in before}
    with session.no_autoflush:
        rests_on = basis(session, row.currency)
        made = quotes_lines.filled(session, lines, rests_on, known=known)
        quotes_lines.put(row.lines, OpportunityLine, made, row.currency)
        sum_up(row)
        restate(session, row, was, at or utcnow())
    quotes_log.note(session, row, before)
    return row


def basis(session: Session, currency: str) -> quotes_lines.Basis:
    """What the prices of lines in that currency rest on: products, not a price list."""
    return quotes_lines.Basis(currency, None, company.profile(session).tax_rate)


def locked(session: Session, opportunity_id: int) -> dict[str, str]:
    """The fields that are not typed at the moment, each with the reason in words."""
    return {SUM: _follows()} if has_lines(session, opportunity_id) else {}


def keep_sum(session: Session, row: Opportunity, was: Stated) -> None:
    """After a change of `row`, which `was` worth something: its lines say how much.

    Raises:
        Invalid: in the new currency it is worth more than can be kept.
        RuleBroken: another amount was typed than its lines come to.
    """
    if Stated.of(row) == was or not has_lines(session, row.id):
        return
    if row.amount != was.amount:
        raise RuleBroken(_follows())
    if row.currency != was.currency:
        sum_up(opportunity(session, row.id))


def lines_back(session: Session, change: Any, row: Opportunity) -> list[str]:
    """Put the lines back that `change` (as in `Change`) has altered; why not."""
    row = opportunity(session, row.id, **db.everything)
    held = [quotes_lines.plain(line) for line in row.lines]
    if quotes_log.written(held) != change.after["lines"]:
        words = _("The products of “{name}” were changed since, and stay.")
        return [words.format(name=row.name)]
    lines = quotes_log.read(change.before["lines"])
    if any(not naming.is_there(session, "product", o["product_id"]) for o in lines):
        return [_("A product of a line is gone; the lines stay as they are.")]
    quotes_lines.put(row.lines, OpportunityLine, lines, row.currency)
    sum_up(row)
    quotes_log.note(session, row, held)
    return []


def settle(session: Session, row: Opportunity, at: datetime) -> None:
    """After an undo: the amount is the sum of the lines, and known as expected.

    It takes the estimates of its operation away, and what later ones have said may
    not hold any more.
    """
    row = opportunity(session, row.id, **db.everything)
    sum_up(row)
    estimated(session, row, at)
    session.flush()


def _follows() -> str:
    return _("The amount is the sum of the products; change those.")
