"""Sums of documents in the book currency, by what each of them is worth in it.

Amounts of different currencies are never added: a sum tells what is not in it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from crm.config import settings
from crm.models import InCurrency
from crm.models.types import Text
from crm.services.money.exchange import AMOUNTS


@dataclass(frozen=True)
class Sum:
    """What `count` documents add up to: `amount`, in the book currency.

    `missing` has how many are not in it since they have no rate, and `others` what
    those add up to, both by currency.
    """

    count: int = 0
    amount: Decimal = Decimal(0)
    missing: dict[str, int] = field(default_factory=dict)
    others: dict[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.count + other.count,
            self.amount + other.amount,
            _both(self.missing, other.missing),
            _both(self.others, other.others),
        )

    @property
    def is_nothing(self) -> bool:
        """Whether there is no amount in any currency."""
        return not self.amount and not self.others

    def times(self, share: Decimal) -> "Sum":
        """The same documents, each worth only a share (0 to 1) of itself."""
        others = {currency: worth * share for currency, worth in self.others.items()}
        return Sum(self.count, self.amount * share, self.missing, others)


def valued(kind: type[InCurrency]) -> ColumnElement[Any]:
    """What a document is worth in the book currency, in SQL; NULL without a rate."""
    amount, base = (getattr(kind, name) for name in AMOUNTS[kind])
    book = sa.bindparam("book", type_=Text(3), unique=True, callable_=_book)
    return sa.case((col(kind.currency) == book, amount), else_=base)


def summed(session: Session, kind: type[InCurrency], *where: Any) -> Sum:
    """What the documents of a kind that fit `where` add up to, as far as in reach."""
    by_currency = summed_by(session, kind, col(kind.currency), *where)
    return sum(by_currency.values(), Sum())


def summed_by(
    session: Session, kind: type[InCurrency], key: Any, *where: Any
) -> dict[Any, Sum]:
    """The same for each value of `key`, an expression."""
    amount, worth = getattr(kind, AMOUNTS[kind][0]), valued(kind)
    currency, by = col(kind.currency), key.label("by")
    without = sa.case((worth.is_(None), amount))
    statement = (
        select(
            by,
            currency,
            func.count(),
            func.sum(worth),
            func.count(without),
            func.sum(without),
        )
        .where(*where)
        .group_by(by, currency)
        .order_by(by, currency)
    )
    found: dict[Any, Sum] = defaultdict(Sum)
    for place, code, count, total, lacking, left in session.execute(statement):
        missing = {code: lacking} if lacking else {}
        others = {code: left} if lacking else {}
        found[place] += Sum(count, total or Decimal(0), missing, others)
    return dict(found)


def _book() -> str:
    return settings().currency


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | {name: one.get(name, 0) + more for name, more in other.items()}
