"""The order lines of one product, as statements: what counts, and what to add up.

An index leads to the lines of a product, however many others there are. Of the tables
only that of customers is asked as records, and so only customers in reach are there,
with their orders. To ask for the reach of orders and lines again would have a database
list all that there are, before it looks for the product.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.models import Customer, Order, OrderKind, OrderLine, OrderStatus
from crm.models.types import Rate
from crm.services import days
from crm.services.money import exchange

QUICK = 20_000  # lines: they are added up while a page opens

_lines, _orders = (sa.inspect(one).local_table for one in (OrderLine, Order))


def are_many(session: Session, product_id: int) -> bool:
    """Whether the product has more lines than are added up at once, by the index."""
    mine = select(_lines.c.id).where(_lines.c.product_id == product_id)
    some = mine.limit(QUICK + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > QUICK


def within(product_id: int, firsts: Sequence[date], today: date) -> Any:
    """The lines from the first of the days `firsts` on, each with the place of its own.

    A subquery: SQL Server does not group by what is reckoned with bound values.
    """
    at = _orders.c.ordered_at
    starts = [days.start_of(first) for first in firsts]
    month = sa.case(
        *((at < start, place) for place, start in enumerate(starts[1:])),
        else_=len(starts) - 1,
    )
    customer: Any = col(Customer.id).label("customer_id")
    shown = month.label("month"), _orders.c.id.label("order_id"), _orders.c.kind, at
    money = _orders.c.currency, _orders.c.rate, _lines.c.quantity, _lines.c.amount
    counted = _counted(product_id, today, customer, *shown, *money)
    return counted.where(at >= starts[0]).subquery()


def latest(product_id: int, today: date) -> Any:
    """When it was last sold, ever."""
    at = func.max(_orders.c.ordered_at)
    is_sale = _orders.c.kind == OrderKind.SALE
    return _counted(product_id, today, at).where(is_sale)


def by_month(lines: Any) -> Any:
    """What to add up, for each month, kind, currency and rate."""
    by = lines.c.month, lines.c.kind, lines.c.currency, lines.c.rate
    return select(*by, *_figures(lines)).group_by(*by)


def by_customer(lines: Any, ids: Sequence[int]) -> Any:
    """The same for each of the customers `ids`."""
    by = lines.c.customer_id, lines.c.kind, lines.c.currency, lines.c.rate
    wanted = db.ids_in(lines.c.customer_id, ids)
    return select(*by, *_figures(lines)).where(wanted).group_by(*by)


def best(lines: Any, most: int) -> Any:
    """The customers with the largest amounts, and beside each how many there are.

    Who has only sent back, having bought it before, is none of them.
    """
    is_sale = sa.case((lines.c.kind == OrderKind.SALE, 1), else_=0)
    worth = func.coalesce(_roughly(lines), 0).label("worth")
    return (
        select(lines.c.customer_id, func.count().over().label("buyers"), worth)
        .group_by(lines.c.customer_id)
        .having(func.sum(is_sale) > 0)
        .order_by(sa.desc("worth"), lines.c.customer_id)
        .limit(most)
    )


def _counted(product_id: int, today: date, *columns: Any) -> Any:
    """The lines that count, up to the end of `today`; stock adjustments are no sales.

    `Customer` is named among the tables: only so is its reach asked for.
    """
    return (
        select(*columns)
        .select_from(Customer)
        .join(_orders, _orders.c.customer_id == col(Customer.id))
        .join(_lines, _lines.c.order_id == _orders.c.id)
        .where(
            _lines.c.product_id == product_id,
            _orders.c.status == OrderStatus.CONFIRMED,
            _orders.c.kind != OrderKind.ADJUSTMENT,
            _orders.c.deleted_at.is_(None),
            _orders.c.ordered_at < days.start_of(today + timedelta(days=1)),
        )
    )


def _figures(lines: Any) -> tuple[Any, ...]:
    """What is added up of all lines in one currency at one rate."""
    return (
        func.sum(lines.c.quantity).label("units"),
        func.sum(lines.c.amount).label("amount"),
        func.count(sa.distinct(lines.c.order_id)).label("orders"),
        func.max(lines.c.ordered_at).label("last_at"),
    )


def _roughly(lines: Any) -> Any:
    """An amount in the book currency to sort by, not to show: it is no exact number.

    Where a rate is a whole number, as on SQLite, so is the 1 of the book currency.
    """
    one = sa.literal(exchange.ONE, Rate())
    rate = sa.case((lines.c.currency == settings().currency, one), else_=lines.c.rate)
    return func.sum(sa.cast(lines.c.amount, sa.Double) * sa.cast(rate, sa.Double))
