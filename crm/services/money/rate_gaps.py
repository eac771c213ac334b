"""Documents without a rate, and how they get one once it is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.errors import Invalid
from crm.models import (
    Action,
    Estimate,
    InCurrency,
    Invoice,
    Opportunity,
    Order,
    Payment,
    Quote,
    Subscription,
    utcnow,
)
from crm.services import days
from crm.services.money import exchange, exchange_rates

AT_ONCE = 500
KINDS: dict[type[InCurrency], str] = {  # and what says of which day the rate is to be
    Quote: "issued_on",
    Order: "ordered_at",
    Invoice: "issued_on",
    Payment: "paid_on",
    Opportunity: "closed_at",  # of this day while it is open
    Subscription: "starts_on",
}


@dataclass(frozen=True)
class Gap:
    """How many documents there are in a currency, how many of them have no rate, and
    how many of those can be given one: a rate is known of their day.
    """

    documents: int = 0
    without: int = 0
    fillable: int = 0

    def __add__(self, other: "Gap") -> "Gap":
        return Gap(
            self.documents + other.documents,
            self.without + other.without,
            self.fillable + other.fillable,
        )


def counted(session: Session, *, today: date | None = None) -> dict[str, Gap]:
    """All currencies of documents in reach, but the book currency."""
    first = {code: ends[0] for code, ends in exchange_rates.ends(session).items()}
    found: dict[str, Gap] = {}
    for kind in KINDS:
        for code, documents, without in session.execute(_by_currency(kind)):
            fillable = 0
            if without and code in first:
                which = _fillable(kind, code, first[code], today or days.today())
                how_many = select(func.count()).select_from(kind).where(*which)
                fillable = session.scalar(how_many) or 0
            more = Gap(documents, without, fillable)
            found[code] = found.get(code, Gap()) + more
    return dict(sorted(found.items()))


def fill(
    session: Session,
    currency: str,
    *,
    limit: int | None = None,
    at: datetime | None = None,
) -> int:
    """Give the rate of their day to documents that have none; how many got it.

    At most `limit` (`AT_ONCE`) of them, so that the transaction stays short.

    What an opportunity is worth is restated at `at` (now). Call it again, in a new
    transaction, until there are no more.

    Raises:
        Forbidden: the actor may not change rates.
    """
    db.require(db.actor_of(session), Action.UPDATE, "exchange_rate")
    at, limit = at or utcnow(), limit or AT_ONCE
    ends = exchange_rates.ends(session)
    if currency not in ends:
        return 0
    rate_of, done = exchange.looked_up(session, [currency]), 0
    for kind in KINDS:
        which = _fillable(kind, currency, ends[currency][0], days.day_of(at))
        for row in _each(session, kind, which):
            if done == limit:
                break
            done += _given(session, row, rate_of, at)
    session.flush()
    return done


def _each(session: Session, kind: Any, which: list[Any]) -> Iterator[Any]:
    """The documents by id, in pieces; those that stay without a rate are passed by,
    however many they are.
    """
    last = 0
    while True:
        rows = select(kind).where(*which, kind.id > last).order_by(kind.id)
        piece = list(session.scalars(rows.limit(AT_ONCE)))
        yield from piece
        if len(piece) < AT_ONCE:
            return
        last = piece[-1].id


def _by_currency(kind: type[InCurrency]) -> Any:
    currency = col(kind.currency)
    without = func.count() - func.count(col(kind.rate))
    return (
        select(currency, func.count(), without)
        .select_from(kind)
        .where(currency != settings().currency)
        .group_by(currency)
    )


def _fillable(
    kind: type[InCurrency], currency: str, first: date, today: date
) -> list[Any]:
    """The documents without a rate that are not older than the `first` one."""
    day = getattr(kind, KINDS[kind])
    is_moment = not isinstance(day.type, sa.Date)
    known = day >= (days.start_of(first) if is_moment else first)
    if kind is Opportunity and first <= today:
        known = sa.or_(known, day.is_(None))
    return [col(kind.currency) == currency, col(kind.rate).is_(None), known]


def _given(session: Session, row: Any, rate_of: Any, at: datetime) -> bool:
    """Give `row` the rate of its day; not where it would be worth too much."""
    day = getattr(row, KINDS[type(row)]) or at
    found = rate_of(
        row.currency, days.day_of(day) if isinstance(day, datetime) else day
    )
    if found is None:
        return False
    row.rate, row.rate_on = found
    try:
        exchange.check_worth(row)
    except Invalid:
        row.rate = row.rate_on = None
        return False
    if isinstance(row, Opportunity):
        session.add(
            Estimate(
                opportunity_id=row.id,
                at=at,
                base_amount=row.in_base(row.amount),
                close_on=row.close_on,
            )
        )
    return True
