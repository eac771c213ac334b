"""The book currency: chosen once, since what documents are worth is kept in it."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import (
    Campaign,
    ExchangeRate,
    ForecastOverride,
    Product,
    Subscription,
    Target,
)
from crm.services.admin import preferences
from crm.services.money.exchange import AMOUNTS

MARK = "book_currency"  # the name of the setting
VALUED: tuple[Any, ...] = (*AMOUNTS, Subscription, ExchangeRate, Target)
"""What always holds a rate to the book currency, or an amount in it."""
AT_TIMES: tuple[Any, ...] = (
    Product.price, Campaign.budget, Campaign.cost, ForecastOverride.amount,
)  # fmt: skip
"""Columns that hold an amount in it, where they hold anything."""


def settle(session: Session) -> None:
    """Note in which currency the books are; as nothing is worth anything yet, in any.

    Books that were begun before this was noted are in the one that is set now.

    Raises:
        RuleBroken: another one is set now, and there are amounts in the old one, which
            would be taken for amounts in the new one.
        IntegrityError: another app has just noted one; look again.
    """
    kept, now = preferences.get(session, MARK), settings().currency
    if kept == now:
        return
    if kept is not None and _is_in_use(session):
        words = _(
            "The books are in {kept}, and CRM_CURRENCY says {now}: what documents are "
            "worth would be wrong. Set it to {kept} again."
        )
        raise RuleBroken(words.format(kept=kept, now=now))
    if kept is None:
        preferences.add(session, MARK, now)
    else:
        preferences.put(session, MARK, now)


def _is_in_use(session: Session) -> bool:
    asked: list[Any] = [select(one.id) for one in VALUED]
    asked += [select(one).where(col(one).is_not(None)) for one in AT_TIMES]
    found = (
        session.scalars(one.limit(1), execution_options=db.everything) for one in asked
    )
    return any(rows.first() is not None for rows in found)
