"""Renewals: the next term noted when one begins, and a task for the owner before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from crm import db
from crm.i18n import _, language
from crm.models import (
    Activity,
    ActivityKind,
    Customer,
    Subscription,
    User,
)
from crm.services import days

EARLIEST = timedelta(days=366)  # what `remind_days` may be at most


def due(session: Session, *, on: date) -> list[int]:
    """The ids of subscriptions whose term is over on a day, or that are to be told of.

    Those that are cancelled are not among them.
    """
    s = Subscription
    statement = select(
        col(s.id), col(s.renewal_on), col(s.remind_days), col(s.auto_renew)
    ).where(
        col(s.cancelled_on).is_(None),
        col(s.renewal_on) <= on + EARLIEST,
        or_(
            col(s.reminded_for).is_(None),
            col(s.reminded_for) != col(s.renewal_on),
            col(s.auto_renew) & (col(s.renewal_on) <= on),
        ),
    )
    return [
        int(row.id)
        for row in session.execute(statement.order_by(col(s.id)))
        if (row.renewal_on <= on and row.auto_renew)
        or is_near(row.renewal_on, row.remind_days, on)
    ]


def is_near(renewal_on: date, remind_days: int, on: date) -> bool:
    """Whether a renewal is to be told of on a day; 0 days before means never."""
    return renewal_on - timedelta(days=remind_days) <= on < renewal_on


def keep_up(session: Session, ids: Sequence[int], *, at: datetime) -> int:
    """Note the next term of those whose term is over, and make the tasks; how many.

    Doing it again changes nothing: a subscription knows for which renewal there is a
    task already.
    """
    on, made = days.day_of(at), 0
    statement = select(Subscription, Customer).join(
        Customer, col(Customer.id) == col(Subscription.customer_id)
    )
    for piece in db.chunked(list(ids)):
        found = session.execute(statement.where(col(Subscription.id).in_(piece)))
        for row, customer in found.all():
            if row.cancelled_on is None:
                row.renewal_on = row.renews_on(on)
                made += _remind(session, row, customer, at)
    session.flush()
    return made


def _remind(
    session: Session, row: Subscription, customer: Customer, at: datetime
) -> bool:
    renewal_on = row.renewal_on
    if renewal_on is None or row.reminded_for == renewal_on:
        return False
    if not is_near(renewal_on, row.remind_days, days.day_of(at)):
        return False
    row.reminded_for = renewal_on
    owner = session.get(User, customer.owner_id) if customer.owner_id else None
    with language((owner and owner.language) or "en"):
        subject = _subject(row, renewal_on)
    session.add(
        Activity(
            kind=ActivityKind.TASK,
            subject=subject,
            customer_id=customer.id,
            owner_id=customer.owner_id,
            at=at,
            due_at=days.due_on(days.day_of(at)),
        )
    )
    return True


def _subject(row: Subscription, renewal_on: date) -> str:
    words = (
        _("Subscription {number} renews on {day}")
        if row.auto_renew
        else _("Subscription {number} ends before {day} unless it is renewed")
    )
    return words.format(number=row.number, day=renewal_on.isoformat())
