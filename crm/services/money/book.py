"""The book currency: chosen once, since what documents are worth is kept in it."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import ExchangeRate, Subscription, Target
from crm.services.admin import preferences
from crm.services.money.exchange import AMOUNTS

MARK = "book_currency"  # the name of the setting
VALUED: tuple[Any, ...] = (*AMOUNTS, Subscription, ExchangeRate, Target)
"""What holds a rate to the book currency, or an amount in it."""


def settle(session: Session) -> None:
    """Note in which currency the books are; as nothing is worth anything yet, in any.

    Books that were begun before this was noted are in the one that is set now.

    Raises:
        RuleBroken: another one is set now, and there are amounts in the old one, which
            would be taken for amounts in the new one.
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
    preferences.put(session, MARK, now)


def _is_in_use(session: Session) -> bool:
    found = (
        session.scalars(select(one.id).limit(1), execution_options=db.everything)
        for one in VALUED
    )
    return any(rows.first() is not None for rows in found)
