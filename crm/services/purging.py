"""Deleting for good what lies in the recycle bin, with all that hangs on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import delete, exists, func, inspect, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden, RuleBroken
from crm.i18n import _
from crm.models import (
    Activity,
    Binned,
    Campaign,
    Contact,
    ContactPoint,
    Customer,
    CustomField,
    CustomValue,
    Estimate,
    Favourite,
    Invoice,
    InvoiceLine,
    Lead,
    ListPrice,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    Payment,
    PriceList,
    Product,
    Quote,
    QuoteLine,
    Reason,
    Recipient,
    Record,
    Role,
    Segment,
    StageChange,
    Subscription,
    Tagging,
    Ticket,
)
from crm.services import naming
from crm.services.marketing import spans

ORDER: tuple[type[Binned], ...] = (  # children first: an order holds its customer
    Activity, Ticket, Lead, Quote, Order, Opportunity, Subscription, Campaign, Segment,
    PriceList, Product, Contact, Customer, CustomField,
)  # fmt: skip
HOLDS: dict[type[Binned], tuple[Any, ...]] = {
    Customer: (
        col(Order.customer_id),
        col(Subscription.customer_id),
        col(Opportunity.customer_id),
        col(Quote.customer_id),
        col(Invoice.customer_id),
        col(Payment.customer_id),
    ),
    Order: (col(Invoice.order_id),),
    Product: (
        col(OrderLine.product_id),
        col(Subscription.product_id),
        col(OpportunityLine.product_id),
        col(QuoteLine.product_id),
        col(InvoiceLine.product_id),
    ),
}

PARTS: dict[type[Record], tuple[Any, ...]] = {  # what goes with one, by its link to it
    Customer: (Activity.customer_id, Ticket.customer_id, Recipient.customer_id),
    Opportunity: (StageChange.opportunity_id, Estimate.opportunity_id),
    PriceList: (ListPrice.price_list_id,),
    Product: (ListPrice.product_id,),
    CustomField: (CustomValue.field_id,),
}


@dataclass(frozen=True)
class Purged:
    """How many records are gone for good, and which stay, in words."""

    done: int
    kept: list[str] = field(default_factory=list)


def purge(session: Session, entity: str, ids: Sequence[int]) -> Purged:
    """Delete records for good that lie in the recycle bin.

    Their tags, custom values, addresses, activities, tickets and contacts in the bin
    go with them; other contacts and branches stay and lose the link. The books keep
    their orders, subscriptions and opportunities, and so whoever has any stays in the
    bin.

    Raises:
        Forbidden: only administrators do this.
        RuleBroken: none of the records is in the bin.
    """
    _begin(session)
    table = naming.binned_table_of(entity)
    binned = col(table.deleted_at).is_not(None)
    rows: list[Binned] = []
    for piece in db.chunked(sorted(set(ids))):
        found = select(table).where(col(table.id).in_(piece), binned)
        rows += session.scalars(found, execution_options=db.everything)
    if not rows:
        raise RuleBroken(_("None of these records is there any more."))
    kept = [reason for row in rows if (reason := _held(session, row))]
    done = sum(_gone(session, row) for row in rows if not _held(session, row))
    return Purged(done, kept)


def purge_expired(
    session: Session, *, at: datetime, days: int = 30, limit: int = 500
) -> Purged:
    """Delete for good what has been in the bin for more than `days` days at `at`.

    At most `limit` records at a time, so that the transaction stays short: call it
    again, in a new one, until nothing was done.

    Raises:
        Forbidden: only administrators, and the system, do this.
    """
    _begin(session)
    done = 0
    for table in ORDER:
        if done >= limit:
            break
        expired = select(table).where(col(table.deleted_at) < at - timedelta(days=days))
        for holder in HOLDS.get(table, ()):
            expired = expired.where(~exists().where(holder == col(table.id)))
        oldest = expired.order_by(col(table.deleted_at), col(table.id))
        found = oldest.limit(limit - done)
        rows = session.scalars(found, execution_options=db.everything).all()
        done += sum(_gone(session, row) for row in rows)
    return Purged(done)


def _begin(session: Session) -> None:
    if db.actor_of(session).role is not Role.ADMIN:
        raise Forbidden(_("Only administrators delete for good."))
    db.pending_of(session).reason = Reason.PURGE


def _held(session: Session, row: Binned) -> str | None:
    """Why `row` must stay; what lies in the bin itself counts, too."""
    count = 0
    for holder in HOLDS.get(type(row), ()):
        found = select(func.count()).where(holder == row.id)
        count += session.connection().scalar(found) or 0
    if not count:
        return None
    words = _("{record} stays: other records need it ({count}).")
    return words.format(record=naming.called(row), count=count)


def _gone(session: Session, row: Record) -> int:
    """Delete `row` with what hangs on it; what only points at it lets go."""
    for part in _parts(session, row):
        _gone(session, part)
    for other, link in _pointing(session, row):
        setattr(other, link, None)
    _strip(session, row)
    session.flush()
    session.delete(row)
    session.flush()
    return 1


def _parts(session: Session, row: Record) -> Iterator[Record]:
    for link in PARTS.get(type(row), ()):
        yield from _all(session, link.class_, link == row.id)
    if isinstance(row, Customer):
        binned = col(Contact.deleted_at).is_not(None)
        yield from _all(session, Contact, col(Contact.customer_id) == row.id, binned)
    if isinstance(row, Ticket):  # else nothing would lead to them any more
        alone = col(Activity.customer_id).is_(None)
        yield from _all(session, Activity, col(Activity.ticket_id) == row.id, alone)


def _pointing(session: Session, row: Record) -> Iterator[tuple[Record, str]]:
    if isinstance(row, Customer):
        alive = col(Contact.deleted_at).is_(None)
        mine = col(Contact.customer_id) == row.id
        leads = _all(session, Lead, col(Lead.customer_id) == row.id)
        for one in (*_all(session, Contact, mine, alive), *leads):
            if one.owner_id is None:  # else it would be in everyone's reach
                one.owner_id = row.owner_id
            yield one, "customer_id"
    for link in _links(type(row)):
        yield from _linked(session, link, row)


@cache
def _links(kind: type[Record]) -> tuple[Any, ...]:
    """The columns of records that name one of `kind` and can do without."""
    table = inspect(kind).local_table
    return tuple(
        mapper.get_property_by_column(column).class_attribute
        for mapper in inspect(kind).registry.mappers
        if issubclass(mapper.class_, Record)
        for column in mapper.local_table.c
        for key in column.foreign_keys
        if key.column.table is table and key.ondelete == "SET NULL"
    )


def _linked(session: Session, link: Any, row: Record) -> Iterator[tuple[Record, str]]:
    """The rows that name `row` in the column `link`."""
    for one in _all(session, link.class_, link == row.id):
        yield one, link.key


def _strip(session: Session, row: Record) -> None:
    """Take off tags, addresses and custom values, which know it by number only."""
    if isinstance(row, Campaign):
        spans.remove_all(session, row.id)
    entity = str(row.__tablename__)
    for table in (Tagging, ContactPoint):
        here = col(table.entity) == entity, col(table.record_id) == row.id
        for one in _all(session, table, *here):
            session.delete(one)
    fields = select(col(CustomField.id)).where(col(CustomField.entity) == entity)
    values = (
        col(CustomValue.record_id) == row.id,
        col(CustomValue.field_id).in_(fields),
    )
    for one in _all(session, CustomValue, *values):
        session.delete(one)
    session.execute(
        delete(Favourite).where(
            col(Favourite.entity) == entity, col(Favourite.record_id) == row.id
        )
    )


def _all(session: Session, table: Any, *conditions: Any) -> list[Any]:
    found = select(table).where(*conditions)
    return list(session.scalars(found, execution_options=db.everything))
