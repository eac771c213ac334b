"""What a product has sold: by month, in figures, and who buys it most.

Of confirmed orders of customers in reach, the walk-in customer among them. Returns and
cancellations count against the month they came in.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Action, Customer, OrderKind, Product
from crm.services.documents import sold_lines
from crm.services.money import exchange
from crm.services.money.exchange_sums import Sum

MONTHS = 12
BEST = 10  # customers that are named
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Month:
    """A calendar month of the company: units and amount, less what was sent back."""

    first: date
    units: Decimal = NOTHING
    total: Sum = field(default_factory=Sum)


@dataclass(frozen=True)
class Buyer:
    """A customer who bought the product, and what is left of that after returns."""

    customer_id: int
    name: str
    units: Decimal
    total: Sum
    last_at: datetime | None


@dataclass(frozen=True)
class ProductSales:
    """What was sold from the first of `months` up to `until`, that day included.

    `orders` are sales with the product, `buyers` the customers they are of, `best` the
    first of these by amount; `last_at` is the latest sale, also one before `months`.
    `sold` and `returned` are units, the latter above zero too.
    """

    until: date
    months: list[Month]
    orders: int
    sold: Decimal
    returned: Decimal
    buyers: int
    best: list[Buyer]
    last_at: datetime | None

    @property
    def units(self) -> Decimal:
        """Units sold, less those sent back."""
        return self.sold - self.returned

    @property
    def total(self) -> Sum:
        """What they brought in."""
        return sum((month.total for month in self.months), Sum())

    @property
    def return_rate(self) -> float | None:
        """Units sent back or cancelled as a share of those sold; None of nothing."""
        return float(self.returned / self.sold) if self.sold > 0 else None


def sales(session: Session, product_id: int, *, today: date) -> ProductSales:
    """What a product sold in the month of `today` and the eleven before.

    Raises:
        NotFound: the product does not exist.
        Forbidden: the actor may not read orders.
    """
    db.require(db.actor_of(session), Action.READ, "sales_order")
    db.get(session, Product, product_id)
    firsts = _firsts(today)
    lines = sold_lines.within(product_id, firsts, today)
    rows = session.execute(sold_lines.by_month(lines)).all()
    sold, returned = _parted(rows)
    buyers, best = _buyers(session, lines) if sold else (0, [])
    last = max((row.last_at for row in sold), default=None)
    if last is None:
        last = session.scalar(sold_lines.latest(product_id, today))
    return ProductSales(
        until=today,
        months=[_month(first, rows, place) for place, first in enumerate(firsts)],
        orders=sum(row.orders for row in sold),
        sold=_units(sold),
        returned=-_units(returned),
        buyers=buyers,
        best=best,
        last_at=last,
    )


def _firsts(today: date) -> list[date]:
    """The first days of the months, the oldest first."""
    number = today.year * 12 + today.month - 1
    months = range(number - MONTHS + 1, number + 1)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _parted(rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What are sales, and what was sent back."""
    sold = [row for row in rows if row.kind == OrderKind.SALE]
    return sold, [row for row in rows if row.kind != OrderKind.SALE]


def _units(rows: Sequence[Any]) -> Decimal:
    return sum((row.units for row in rows), NOTHING)


def _sum(rows: Sequence[Any]) -> Sum:
    """What the rows are worth in the book currency; without a rate, beside it."""
    total = Sum()
    for row in rows:
        worth = exchange.worth(row.amount, row.currency, row.rate)
        if worth is None:
            code = row.currency
            total += Sum(row.orders, NOTHING, {code: row.orders}, {code: row.amount})
        else:
            total += Sum(row.orders, worth)
    return total


def _month(first: date, rows: Sequence[Any], place: int) -> Month:
    mine = [row for row in rows if row.month == place]
    return Month(first, _units(mine), _sum(mine))


def _buyers(session: Session, lines: Any) -> tuple[int, list[Buyer]]:
    """How many customers bought it, and the best of them."""
    found = session.execute(sold_lines.best(lines, BEST)).all()
    ids = [row.customer_id for row in found]
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(sold_lines.by_customer(lines, ids)):
        rows[row.customer_id].append(row)
    called = select(col(Customer.id), col(Customer.name))
    names = session.execute(called.where(db.ids_in(col(Customer.id), ids)))
    best = [_buyer(key, name, rows[key]) for key, name in names]
    best.sort(key=lambda one: (-one.total.amount, one.customer_id))
    return (found[0].buyers if found else 0), best


def _buyer(customer_id: int, name: str, rows: Sequence[Any]) -> Buyer:
    sold, _returned = _parted(rows)
    last = max((row.last_at for row in sold), default=None)
    return Buyer(customer_id, name, _units(rows), _sum(rows), last)
