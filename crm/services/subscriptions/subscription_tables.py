"""Subscriptions as analyses read them: the tables of `crm.frames`, filled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm.config import settings
from crm.frames import SUBSCRIPTION_PRICES, SUBSCRIPTIONS, typed
from crm.models import Customer, Price, Product, Subscription


@dataclass(frozen=True)
class Subscribed:
    """`subscriptions` and `prices` as in `frames.SUBSCRIPTIONS` and its prices."""

    subscriptions: pd.DataFrame
    prices: pd.DataFrame


def subscribed(
    session: Session, *, as_of: date, only: Collection[int] | None = None
) -> Subscribed:
    """What is in the actor's reach, of the customers `only` where they are given.

    Read from the records themselves: there are few for each customer, and no lines.
    """
    book = settings().currency
    wanted = None if only is None else set(only)
    rows, prices = [], []
    for one, customer, product in session.execute(_statement(as_of)):
        if wanted is not None and customer.id not in wanted:
            continue
        rows.append(_row(one, customer, product, as_of, book))
        prices += [_price(one, price) for price in one.price_list]
    return Subscribed(typed(rows, SUBSCRIPTIONS), typed(prices, SUBSCRIPTION_PRICES))


def _statement(as_of: date) -> Any:
    return (
        select(Subscription, Customer, Product)
        .join(Customer, col(Customer.id) == col(Subscription.customer_id))
        .outerjoin(Product, col(Product.id) == col(Subscription.product_id))
        .where(col(Subscription.starts_on) <= as_of)
        .order_by(col(Subscription.id))
    )


def _price(one: Subscription, price: Price) -> tuple[Any, ...]:
    """In the book currency where its rate is known."""
    worth = one.in_base(price.monthly)
    return one.id, price.from_on, float(price.monthly if worth is None else worth)


def _row(
    one: Subscription,
    customer: Customer,
    product: Product | None,
    as_of: date,
    book: str,
) -> tuple[Any, ...]:
    has_ended = one.ends_on is not None and one.ends_on < as_of
    return (
        one.id,
        customer.id,
        one.starts_on,
        one.ends_on if has_ended else None,
        one.price_on(as_of).period.value,
        one.auto_renew,
        product.name if product else "",
        customer.source or "",
        customer.sector or "",
        customer.country or "",
        customer.kind.value,
        one.rate is None and one.currency != book,
    )
