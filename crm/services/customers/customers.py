"""Customers: create, change, hand over, put away; one page's worth of facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import (
    Contact,
    Customer,
    CustomerFields,
    Order,
    OrderKind,
    OrderStatus,
    User,
)
from crm.services import records
from crm.services.admin import custom_fields
from crm.services.customers import addresses
from crm.services.money.exchange_sums import Sum, summed


@dataclass(frozen=True)
class Purchases:
    """What a customer has bought: confirmed orders, in the book currency.

    `total` counts sales less returns; the rest is about sales alone.
    """

    sales: int
    total: Sum
    first_at: datetime | None
    last_at: datetime | None


def create(
    session: Session,
    form: CustomerFields,
    *,
    custom: dict[str, Any] | None = None,
) -> Customer:
    """Record a new customer, owned by the actor unless the form names an owner.

    Raises:
        Invalid: the e-mail is none, or a custom value does not fit.
        NotFound: the parent or the owner does not exist.
        Duplicate: another customer has the same e-mail or external id.
    """
    records.check_links(session, form)
    addresses.check(form)
    customer = Customer(**records.own(session, form).model_dump())
    session.add(customer)
    session.flush()
    custom_fields.store(session, "customer", customer.id, custom or {})
    return customer


def update(
    session: Session,
    customer_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Customer:
    """Change the fields in `changes`, and custom values, of one customer.

    Raises:
        NotFound: the customer, or one it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        RuleBroken: it would become its own parent.
    """
    customer = db.get(session, Customer, customer_id)
    records.expect(customer, version)
    with session.no_autoflush:
        records.change(customer, CustomerFields, changes)
        records.check_links(session, customer, changes)
        addresses.check(customer, changes)
        if "parent_id" in changes:
            db.alone(session, "parents")  # of two at once each could miss the other
            refuse_circle(session, customer)
    custom_fields.change_of(session, customer, custom or {})
    session.flush()
    return customer


def remove(
    session: Session, customer_id: int, *, version: int | None = None
) -> Customer:
    """Put a customer into the recycle bin; its orders and contacts keep their link.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
    """
    customer = db.get(session, Customer, customer_id)
    records.bin_(session, customer, version=version)
    return customer


def hand_over(session: Session, ids: Sequence[int], owner_id: int | None) -> int:
    """Give customers to another owner, or to nobody; how many it were.

    Raises:
        NotFound: the new owner does not exist.
    """
    if owner_id is not None:
        db.get(session, User, owner_id)
    given = 0
    for customer in records.rows(session, Customer, ids):
        customer.owner_id = owner_id
        given += 1
    return given


def contacts(session: Session, customer_id: int) -> list[Contact]:
    """The contacts at a customer, by name."""
    statement = (
        select(Contact)
        .where(col(Contact.customer_id) == customer_id)
        .order_by(col(Contact.last_name), col(Contact.id))
        .limit(500)
    )
    return list(session.scalars(statement))


def branches(session: Session, customer_id: int) -> list[Customer]:
    """The companies whose parent this customer is, by name."""
    statement = (
        select(Customer)
        .where(col(Customer.parent_id) == customer_id)
        .order_by(col(Customer.search_key))
        .limit(500)
    )
    return list(session.scalars(statement))


def purchases(session: Session, customer_id: int) -> Purchases:
    """What the customer has bought so far."""
    at = col(Order.ordered_at)
    confirmed = (
        col(Order.customer_id) == customer_id,
        col(Order.status) == OrderStatus.CONFIRMED,
    )
    sales = select(func.count(), func.min(at), func.max(at)).where(
        *confirmed, col(Order.kind) == OrderKind.SALE
    )
    count, first, last = session.execute(sales).one()
    return Purchases(count, summed(session, Order, *confirmed), first, last)


def refuse_circle(session: Session, customer: Customer) -> None:
    """A company cannot stand above itself, over however many steps.

    Looks at companies out of reach too: a circle through them is one as well.
    """
    seen, above = {customer.id}, customer.parent_id
    while above is not None:
        if above in seen:
            raise RuleBroken(_("A company cannot be its own parent."))
        seen.add(above)
        parent = select(col(Customer.parent_id)).where(col(Customer.id) == above)
        above = session.connection().scalar(parent)
