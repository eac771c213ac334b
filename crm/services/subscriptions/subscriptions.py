"""Subscriptions: agree on them, change their price, cancel them, take that back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col

from crm import db
from crm.errors import NotFound, RuleBroken
from crm.i18n import _
from crm.models import (
    Cancellation,
    Price,
    Product,
    Subscription,
    SubscriptionFields,
    SubscriptionState,
)
from crm.models.terms import next_term
from crm.services import days, records
from crm.services.admin import custom_fields
from crm.services.money import exchange
from crm.services.prices.pricing import currency_code
from crm.services.subscriptions import subscription_rules as rules

PRICED = {"price", "quantity", "billing_period", "price_from"}


def create(
    session: Session, form: SubscriptionFields, *, custom: dict[str, Any] | None = None
) -> Subscription:
    """Record a subscription, cancelled or not.

    Raises:
        NotFound: the customer or the product does not exist.
        Invalid: an end without a cancellation or before it, an unknown currency, a
            price out of range, or a custom value that does not fit.
        Duplicate: another subscription has the same number.
    """
    _check_links(session, form, SubscriptionFields.model_fields)
    first = Price(
        form.price_from or form.starts_on,
        form.price,
        form.quantity,
        form.billing_period,
    )
    row = Subscription(
        **form.model_dump(exclude=PRICED | {"currency"}),
        currency=currency_code(form.currency),
        prices=[rules.sound(first).plain()],
    )
    rules.settle(row, set(form.model_fields_set), on=days.today())
    exchange.price(session, row, row.starts_on)
    session.add(row)
    session.flush()
    custom_fields.store(session, "subscription", row.id, custom or {})
    return row


def update(
    session: Session,
    subscription_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
    on: date | None = None,
) -> Subscription:
    """Change the fields in `changes`, and custom values, on a day (today).

    Another price, quantity or billing holds from `price_from`, that day unless told,
    and the earlier ones are kept. `cancelled_on` cancels; None takes that back.

    Raises:
        NotFound: it, or what it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        RuleBroken: it has ended, and so its cancellation stands.
    """
    row = db.get(session, Subscription, subscription_id)
    records.expect(row, version)
    on = on or days.today()
    has_ended = row.state(on) is SubscriptionState.ENDED
    with session.no_autoflush:
        last = row.price_list[-1]
        records.change(row, SubscriptionFields, changes)
        _check_links(session, row, changes)
        if "currency" in changes:
            row.currency = currency_code(row.currency)
        if {"currency", "starts_on"} & changes.keys():
            exchange.price(session, row, row.starts_on)
        if PRICED & changes.keys():
            rules.reprice(row, last, changes.get("price_from") and row.price_from, on)
        if has_ended and "cancelled_on" in changes and row.cancelled_on is None:
            raise RuleBroken(_("It has ended; record a new subscription instead."))
        rules.settle(row, set(changes), on=on)
    custom_fields.change_of(session, row, custom or {})
    session.flush()
    return row


def cancel(
    session: Session,
    subscription_id: int,
    cancellation: Cancellation,
    *,
    version: int | None = None,
) -> Subscription:
    """Note that the customer has cancelled.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: the last day lies before the cancellation.
        RuleBroken: it is cancelled already.
    """
    if db.get(session, Subscription, subscription_id).cancelled_on is not None:
        raise RuleBroken(_("It is cancelled already."))
    changes: dict[str, Any] = {
        "cancelled_on": cancellation.on,
        "cancel_reason": cancellation.reason,
        "cancel_note": cancellation.note,
    }
    if cancellation.ends_on is not None:
        changes["ends_on"] = cancellation.ends_on
    return update(session, subscription_id, changes, version=version)


def reactivate(
    session: Session, subscription_id: int, *, on: date, version: int | None = None
) -> Subscription:
    """Take a cancellation back while the subscription still runs on that day.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it is not cancelled, or has ended.
    """
    if db.get(session, Subscription, subscription_id).cancelled_on is None:
        raise RuleBroken(_("It is not cancelled."))
    changes = {"cancelled_on": None}
    return update(session, subscription_id, changes, version=version, on=on)


def renew(
    session: Session, subscription_id: int, *, version: int | None = None
) -> Subscription:
    """Add one more term to a subscription that does not renew by itself.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it renews by itself, has no term, or is cancelled.
    """
    row = db.get(session, Subscription, subscription_id)
    records.expect(row, version)
    if row.goes_on or row.cancelled_on is not None or row.renewal_on is None:
        raise RuleBroken(_("Only what ends with its term is renewed by hand."))
    row.renewal_on = next_term(
        row.starts_on, row.term_months or 1, after=row.renewal_on
    )
    session.flush()
    return row


def remove(
    session: Session, subscription_id: int, *, version: int | None = None
) -> Subscription:
    """Put a subscription into the recycle bin."""
    row = db.get(session, Subscription, subscription_id)
    records.bin_(session, row, version=version)
    return row


def subscription(session: Session, subscription_id: int) -> Subscription:
    """One subscription with its customer.

    Raises:
        NotFound: it does not exist.
    """
    statement = (
        select(Subscription)
        .where(col(Subscription.id) == subscription_id)
        .options(joinedload(Subscription.customer))
    )
    if (found := session.scalars(statement).first()) is None:
        raise NotFound(Subscription, subscription_id)
    return found


def of_customer(
    session: Session, customer_id: int, *, limit: int = 50
) -> list[Subscription]:
    """The subscriptions of a customer, the latest start first."""
    statement = (
        select(Subscription)
        .where(col(Subscription.customer_id) == customer_id)
        .order_by(col(Subscription.starts_on).desc(), col(Subscription.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def _check_links(session: Session, source: Any, names: Iterable[str]) -> None:
    """Make sure that what `source` names under `names` is there and in reach."""
    records.check_links(session, source, names)
    if "product_id" in names and source.product_id is not None:
        db.get(session, Product, source.product_id)
