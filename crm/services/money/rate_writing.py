"""Rates from a file into the database: many at once, logged as one batch."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, inspect, select
from sqlmodel import Session, col

from crm import db
from crm.models import ExchangeRate
from crm.services.money.rate_files import Quoted

PIECE = 5_000


@dataclass(frozen=True)
class Compared:
    """What rates mean to those that are there.

    `others` are days that have another rate, by the id of that; `same` is how many
    are there already.
    """

    new: Quoted = field(default_factory=dict)
    others: dict[int, Decimal] = field(default_factory=dict)
    same: int = 0


def compared(session: Session, rates: Quoted) -> Compared:
    """What `rates` would change."""
    there = _there(session, rates)
    new = {key: rate for key, rate in rates.items() if key not in there}
    known = [(*there[key], rates[key]) for key in there.keys() & rates.keys()]
    others = {key: rate for key, before, rate in known if rate != before}
    return Compared(new, others, len(known) - len(others))


def bring_in(
    session: Session, rates: Quoted, *, source: str, replacing: bool
) -> Compared:
    """Write `rates`, from a file called `source`; those of days that have another
    rate only when `replacing`.

    Raises:
        Forbidden: the actor may not do this.
        Duplicate: somebody else has just entered one of them.
    """
    found = compared(session, rates)
    source = source.strip()[:80]
    if found.new:
        _insert(session, found.new, source)
    if replacing:
        for piece in db.chunked(sorted(found.others)):
            ids = col(ExchangeRate.id).in_(piece)
            for row in session.scalars(select(ExchangeRate).where(ids)):
                row.rate, row.source = found.others[row.id], source
        session.flush()
    return found


def _there(
    session: Session, rates: Quoted
) -> dict[tuple[str, date], tuple[int, Decimal]]:
    """Ids and rates of what is there of the currencies and days in question."""
    if not rates:
        return {}
    e, days = ExchangeRate, [day for _currency, day in rates]
    statement = select(col(e.currency), col(e.rate_on), col(e.id), col(e.rate)).where(
        col(e.currency).in_(sorted({currency for currency, _day in rates})),
        col(e.rate_on).between(min(days), max(days)),
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in session.execute(statement)}


def _insert(session: Session, rates: Quoted, source: str) -> None:
    connection = session.connection()
    table: Any = inspect(ExchangeRate).local_table
    at = db.pending_of(session).at
    record = {"created_at": at, "updated_at": at, "version": 1, "source": source}
    rows: list[dict[str, Any]] = [
        record | {"currency": currency, "rate_on": day, "rate": rate}
        for (currency, day), rate in sorted(rates.items())
    ]
    newest = select(func.max(table.c.id))
    before = connection.scalar(newest) or 0
    for piece in db.chunked(rows, PIECE):
        connection.execute(insert(table), list(piece))
    after = connection.scalar(newest) or 0
    db.record_batch(session, "exchange_rate", before + 1, after, len(rows))
