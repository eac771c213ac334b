"""What an opportunity is worth: typed, or the sum of its lines; every restatement."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from sqlalchemy import select
from sqlmodel import Session, col

from crm.errors import Invalid
from crm.i18n import _
from crm.models import Estimate, Opportunity, OpportunityLine
from crm.services import days
from crm.services.documents import quotes_lines
from crm.services.money import exchange
from crm.services.prices.pricing import LARGEST, too_large, totals


@dataclass(frozen=True)
class Stated:
    """What was said of an opportunity: how much, and by when."""

    amount: Decimal | None
    currency: str
    close_on: date | None

    @classmethod
    def of(cls, row: Opportunity) -> Self:
        return cls(row.amount, row.currency, row.close_on)


def restate(session: Session, row: Opportunity, was: Stated, at: datetime) -> None:
    """Write down at `at` what is expected of `row` now, if it `was` something else.

    Raises:
        Invalid: it is worth more than can be kept.
    """
    check_amount(row)
    now = Stated.of(row)
    if (was.amount, was.currency) != (now.amount, now.currency):
        exchange.price(session, row, days.day_of(at))
    if was != now:
        session.add(estimate(row, at))


def estimate(row: Opportunity, at: datetime) -> Estimate:
    """What is expected of `row` from `at` on."""
    return Estimate(
        opportunity_id=row.id,
        at=at,
        base_amount=row.in_base(row.amount),
        close_on=row.close_on,
    )


def estimated(session: Session, row: Opportunity, at: datetime) -> None:
    """Write down what is expected of `row` if its last estimate says otherwise."""
    last = session.scalars(
        select(Estimate)
        .where(col(Estimate.opportunity_id) == row.id)
        .order_by(col(Estimate.at).desc(), col(Estimate.id).desc())
        .limit(1)
    ).first()
    now = estimate(row, at)
    said = last and (last.base_amount, last.close_on)
    if said and said != (now.base_amount, now.close_on):
        session.add(now)


def check_amount(row: Opportunity) -> None:
    """Make sure that the amount of `row` can be kept.

    Raises:
        Invalid: it cannot.
    """
    if row.amount is not None and row.amount > LARGEST:
        raise too_large("opportunity", field="amount")


def has_lines(session: Session, opportunity_id: int) -> bool:
    """Whether products say what an opportunity is worth."""
    found = select(col(OpportunityLine.id)).where(
        col(OpportunityLine.opportunity_id) == opportunity_id
    )
    return session.scalar(found.limit(1)) is not None


def sum_up(row: Opportunity) -> None:
    """Let the amount of `row` (with its lines) be their sum before tax.

    The amounts of the lines are rounded anew: the currency may be another one.
    Without lines the amount stays.

    Raises:
        Invalid: more than a document can be worth, or less than nothing.
    """
    if not row.lines:
        return
    held = [quotes_lines.plain(line) for line in row.lines]
    quotes_lines.put(row.lines, OpportunityLine, held, row.currency)
    net = totals(row.lines, row.currency, of="opportunity").net
    if net < 0:
        words = _("An opportunity is not worth less than nothing.")
        raise Invalid(words, field="lines")
    row.amount = net
