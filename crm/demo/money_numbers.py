"""Numbers of documents for many at once, and given back when the demo company goes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel, col

from crm.demo.rows import table_of
from crm.models import Invoice, NumberSeries, Order, Quote
from crm.services.documents.numbers import PREFIX, next_number

USED_BY: dict[str, type[SQLModel]] = {
    "quote": Quote, "order": Order, "invoice": Invoice, "credit_note": Invoice,
}  # fmt: skip


def numbers(session: Session, kind: str, days: Sequence[date]) -> list[str]:
    """The next numbers of a kind, for documents of these days, which are in order."""
    first: dict[int, int] = {}
    for year, count in sorted(Counter(day.year for day in days).items()):
        number = next_number(session, kind, date(year, 1, 1))
        first[year] = int(number.rpartition("-")[2])
        _skip(session, kind, year, count - 1)
    found = []
    for day in days:
        found.append(f"{PREFIX[kind]}-{day.year}-{first[day.year]:05}")
        first[day.year] += 1
    return found


def give_back(session: Session) -> None:
    """Let a series begin anew if none of its numbers is in use any more.

    Those that somebody has just taken are waited for: they may be in use by then.
    """
    connection, series = session.connection(), table_of(NumberSeries)
    locked = select(series).order_by(series.c.id).with_for_update()
    for row in connection.execute(locked).all():
        used = table_of(USED_BY[row.kind]).c.number
        start = f"{PREFIX[row.kind]}-{row.year}-"
        found = select(used).where(used.startswith(start, autoescape=True)).limit(1)
        if connection.scalar(found) is None:
            connection.execute(delete(series).where(series.c.id == row.id))


def _skip(session: Session, kind: str, year: int, count: int) -> None:
    """Use up as many more; the series is locked since `next_number`."""
    found = select(NumberSeries).where(
        col(NumberSeries.kind) == kind, col(NumberSeries.year) == year
    )
    session.scalars(found).one().last += count
    session.flush()
