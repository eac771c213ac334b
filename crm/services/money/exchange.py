"""Dated exchange rates: what a document in another currency is worth, and why.

A document keeps the rate of its day, and is worth the same ever after: rates that are
entered later change nothing about it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import Session, col

from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _
from crm.models import (
    ExchangeRate,
    InCurrency,
    Invoice,
    Opportunity,
    Order,
    Payment,
    Quote,
)
from crm.services.prices.pricing import LARGEST

ONE = Decimal(1)
Dated = tuple[Decimal, date]  # a rate, and the day it is of

AMOUNTS: dict[type[InCurrency], tuple[str, str]] = {
    Quote: ("net", "base_total"),
    Order: ("total", "base_total"),
    Invoice: ("net", "base_total"),
    Payment: ("amount", "base_amount"),
    Opportunity: ("amount", "base_amount"),
}
"""What a document of a kind is worth, and the same in the book currency."""


def rate_at(session: Session, currency: str, day: date) -> Dated | None:
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


def looked_up(
    session: Session, currencies: Iterable[str]
) -> Callable[[str, date], Dated | None]:
    """A function that answers as `rate_at` does, for many documents at once."""
    days: dict[str, list[date]] = defaultdict(list)
    rates: dict[str, list[Decimal]] = defaultdict(list)
    book = settings().currency
    e, wanted = ExchangeRate, sorted(set(currencies) - {book})
    statement = (
        select(col(e.currency), col(e.rate_on), col(e.rate))
        .where(col(e.currency).in_(wanted))
        .order_by(col(e.currency), col(e.rate_on))
    )
    for currency, day, rate in session.execute(statement):
        days[currency].append(day)
        rates[currency].append(rate)

    def at(currency: str, day: date) -> Dated | None:
        if currency == book:
            return ONE, day
        place = bisect_right(days[currency], day) - 1
        return None if place < 0 else (rates[currency][place], days[currency][place])

    return at


def price(session: Session, document: InCurrency, day: date) -> None:
    """Give `document` the rate of its currency on `day`.

    Where none is known it keeps the rate that it has of the same currency, if any.

    Raises:
        Invalid: it would be worth more than can be kept.
    """
    found = rate_at(session, document.currency, day)
    if found is not None or _has_other_currency(document):
        document.rate, document.rate_on = found or (None, None)
    check_worth(document)


def worth(amount: Decimal, currency: str, rate: Decimal | None) -> Decimal | None:
    """`amount` in the book currency, four places; None without a rate."""
    if currency == settings().currency:
        return amount
    row: Any = SimpleNamespace(rate=rate)
    return InCurrency.in_base(row, amount)  # the rule, without a document


def check_worth(document: InCurrency) -> None:
    """Make sure that what a document is worth in the book currency can be kept.

    Raises:
        Invalid: it cannot.
    """
    name, _base = AMOUNTS.get(type(document), ("", ""))
    if not is_kept(document.in_base(getattr(document, name, None))):
        words = _("In {currency} a document is worth at most {amount}.")
        told = words.format(currency=settings().currency, amount=f"{LARGEST:,}")
        raise Invalid(told, field="currency")


def is_kept(worth: Decimal | None) -> bool:
    """Whether a worth in the book currency can be kept, and added up."""
    return worth is None or abs(worth) <= LARGEST


def _has_other_currency(document: InCurrency) -> bool:
    """Whether its currency is another one than it was when it was read."""
    before = sa.inspect(document).attrs.currency.history.deleted
    return bool(before) and before[0] != document.currency
