"""Dated exchange rates: what a document in another currency is worth, and why."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from crm.config import settings
from crm.models import ExchangeRate, InCurrency

ONE = Decimal(1)


def rate_at(session: Session, currency: str, day: date) -> tuple[Decimal, date] | None:
    """The rate of `currency` to the book currency on `day`, and the day it is of.

    The latest one up to that day; None where none is known. The book currency is
    worth one of itself.
    """
    if currency == settings().currency:
        return ONE, day
    statement = (
        select(col(ExchangeRate.rate), col(ExchangeRate.rate_on))
        .where(col(ExchangeRate.currency) == currency, col(ExchangeRate.rate_on) <= day)
        .order_by(col(ExchangeRate.rate_on).desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    return None if found is None else (found[0], found[1])


def price(session: Session, document: InCurrency, day: date) -> None:
    """Give `document` the rate of its currency on `day`; none where none is known."""
    found = rate_at(session, document.currency, day)
    document.rate, document.rate_on = found or (None, None)
