"""Quotes as they are kept: one with its lines, all versions, those of somebody."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col

from crm import db
from crm.errors import NotFound
from crm.models import Order, Quote


def quote(session: Session, quote_id: int, **options: Any) -> Quote:
    """One version of a quote with its lines and its customer.

    Raises:
        NotFound: it does not exist.
    """
    wanted = quote_id if 0 < quote_id < 2**63 else 0
    if found := _whole(session, col(Quote.id) == wanted, **options):
        return found[0]
    raise NotFound(Quote, quote_id)


def versions(session: Session, row: Quote, **options: Any) -> list[Quote]:
    """All versions of a quote with their lines, the latest first."""
    return _whole(session, col(Quote.number) == row.number, **options)


def versions_now(session: Session, row: Quote) -> list[Quote]:
    """The same, with those in the recycle bin, as they are at this moment: nobody sends
    or answers one of them before the transaction ends.
    """
    table = inspect(Quote).local_table.c
    lock = select(table.id).where(table.number == row.number).order_by(table.id)
    session.connection().execute(lock.with_for_update())
    return versions(session, row, **db.everything, populate_existing=True)


def of_customer(session: Session, customer_id: int, *, limit: int = 50) -> list[Quote]:
    """The quotes to a customer, the latest first."""
    return _latest(session, col(Quote.customer_id) == customer_id, limit)


def of_opportunity(
    session: Session, opportunity_id: int, *, limit: int = 50
) -> list[Quote]:
    """The quotes for an opportunity, the latest first."""
    return _latest(session, col(Quote.opportunity_id) == opportunity_id, limit)


def order_of(session: Session, row: Quote) -> Order | None:
    """The order that was made of a quote, if it is there and in reach."""
    found = select(Order).where(col(Order.quote_id) == row.id)
    return session.scalars(found.order_by(col(Order.id)).limit(1)).first()


def last_revision(session: Session, number: str) -> int:
    """The highest revision under a number; those in the recycle bin count."""
    found = select(col(Quote.revision)).where(col(Quote.number) == number)
    revisions = session.scalars(found, execution_options=db.everything)
    return max(revisions, default=0)


def _whole(session: Session, which: Any, **options: Any) -> list[Quote]:
    statement = (
        select(Quote)
        .where(which)
        .order_by(col(Quote.revision).desc())
        .options(selectinload(Quote.lines), joinedload(Quote.customer))
    )
    return list(session.scalars(statement, execution_options=options).unique())


def _latest(session: Session, which: Any, limit: int) -> list[Quote]:
    newest = col(Quote.issued_on).desc(), col(Quote.id).desc()
    found = select(Quote).where(which).order_by(*newest).limit(limit)
    return list(session.scalars(found))
