"""Where the entries of a timeline come from: activities, operations, campaigns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.models import Activity, Change, Customer, Deed, Operation, Ticket, User
from crm.services.changes import FieldChange, described, readable
from crm.services.marketing import campaign_events
from crm.services.timeline_entries import (
    ACTIVITY,
    CAMPAIGNS,
    CHANGE,
    CHANGES,
    Entry,
    Place,
)

LOG: Any = inspect(Change).local_table


@dataclass(frozen=True)
class About:
    """Whose timeline it is: all of a customer, one of its opportunities, a ticket."""

    customer: Customer | None
    opportunity_id: int | None = None
    ticket_id: int | None = None

    def activities(self) -> Any:
        """The condition on activities."""
        if self.customer is None:
            return col(Activity.ticket_id) == self.ticket_id
        mine = col(Activity.customer_id) == self.customer.id
        if self.opportunity_id is None:
            return mine
        return mine & (col(Activity.opportunity_id) == self.opportunity_id)

    def alone(self) -> list[Any]:
        """The conditions on rows of `LOG` that are about a ticket of no customer.

        A session shows changes with their customer, and so none of these to whoever
        does not see all; they are of a ticket that the actor does see.
        """
        this = (LOG.c.entity == "ticket") & (LOG.c.record_id == self.ticket_id)
        return [this, LOG.c.customer_id.is_(None), LOG.c.last_id.is_(None)]

    def left_behind(self, session: Session) -> Any:
        """The condition on those activities of the customer's tickets that did not
        come along to it: see `tickets.update`. None where there can be none."""
        if self.customer is None or self.opportunity_id is not None:
            return None
        mine = select(col(Ticket.id)).where(col(Ticket.customer_id) == self.customer.id)
        if not (ids := session.scalars(mine.limit(db.IN_LIMIT + 1)).all()):
            return None
        # one by one: else SQLite may walk through the activities of nobody, all of them
        these = ids if len(ids) <= db.IN_LIMIT else mine
        theirs = col(Activity.ticket_id).in_(these)
        return col(Activity.customer_id).is_(None) & theirs

    def changes(self, session: Session) -> list[Any]:
        """The conditions on changes; those of activities are on it as such."""
        if self.customer is None:
            this = col(Change.record_id) == self.ticket_id
            theirs = col(Change.customer_id).is_not(None)
            return [col(Change.entity) == "ticket", this, theirs]
        mine = col(Change.customer_id) == self.customer.id
        if self.opportunity_id is not None:
            this = col(Change.record_id) == self.opportunity_id
            return [mine, col(Change.entity) == "opportunity", this]
        told = {"activity", "suggestion", "outgoing_mail", "recipient"}  # in other ways
        kinds = set(readable(db.actor_of(session))) - told
        return [mine, col(Change.entity).in_(sorted(kinds))]


def activities(
    session: Session, about: Any, kinds: set[str], start: Place | None, step: int
) -> Iterator[Entry]:
    """Those of `kinds` that meet the condition `about`; None means none."""
    if not kinds or about is None:
        return
    found = select(Activity).where(about, col(Activity.kind).in_(sorted(kinds)))
    for page in _pages(session, found, Activity, (ACTIVITY, start), step):
        who = _authors(session, page)
        for one in page:
            yield Entry(one.at, one.kind.value, who=who.get(one.id, ""), activity=one)


def events(session: Session, about: About, start: Place | None) -> Iterator[Entry]:
    """What campaigns meant for the customer; they are about nothing smaller."""
    if about.customer is None or about.opportunity_id is not None:
        return
    for event in campaign_events.of_customer(session, about.customer.id):
        entry = Entry(event.at, CAMPAIGNS, event=event)
        if start is None or entry.place < start:
            yield entry


def operations(
    session: Session, about: About, start: Place | None, step: int
) -> Iterator[Entry]:
    """Activities are on the timeline themselves, so their changes are left out, and
    those of mails, which are activities once they are sent.

    So are suggestions: those left alone on purpose are to be seen by nobody.
    """
    customer = about.customer
    mine = select(col(Change.operation_id)).where(*about.changes(session))
    wanted: Any = col(Operation.id).in_(mine)
    if about.ticket_id is not None:
        alone = select(LOG.c.operation_id).where(*about.alone())
        wanted = sa.or_(wanted, col(Operation.id).in_(alone))
    if customer is not None and about.opportunity_id is None:
        came = _brought_in_by(session, customer)
        wanted = sa.or_(wanted, col(Operation.id) == came)
    found = select(Operation).where(wanted)
    for page in _pages(session, found, Operation, (CHANGE, start), step):
        changes = _changes(session, about, [one.id for one in page])
        for one in page:
            yield Entry(
                one.at,
                CHANGES,
                who=one.actor_name,
                operation_id=one.id,
                reason=one.reason,
                note=one.words,
                changes=changes.get(one.id) or _came(customer),
            )


def _pages(
    session: Session, found: Any, table: Any, after: tuple[int, Place | None], step: int
) -> Iterator[list[Any]]:
    """The rows of `found` older than a place, newest first, in pieces of `step`."""
    rank, place = after
    while True:
        page = found if place is None else found.where(_older(table, rank, place))
        newest = page.order_by(table.at.desc(), table.id.desc()).limit(step)
        if not (rows := list(session.scalars(newest))):
            return
        yield rows
        place = rows[-1].at, rank, rows[-1].id


def _older(table: Any, rank: int, place: Place) -> Any:
    at, own, number = place
    if rank > own:
        return table.at < at
    if rank < own:
        return table.at <= at
    return (table.at < at) | ((table.at == at) & (table.id < number))


def _changes(
    session: Session, about: About, operations: list[int]
) -> dict[int, list[FieldChange]]:
    found = (
        select(Change)
        .where(*about.changes(session))
        .where(db.ids_in(col(Change.operation_id), operations))
        .order_by(col(Change.id))
        .execution_options(**db.everything)
    )
    rows: list[Any] = list(session.scalars(found))
    if about.ticket_id is not None:
        alone = select(LOG).where(
            *about.alone(), db.ids_in(LOG.c.operation_id, operations)
        )
        rows += session.connection().execute(alone).all()
    return described(session, sorted(rows, key=lambda one: one.id))


def _brought_in_by(session: Session, customer: Customer) -> int | None:
    """The operation that created the customer among many, past the session."""
    if customer.import_id is None:
        return None
    log = LOG.c
    batch = (
        select(log.operation_id, log.last_id)
        .where(log.entity == "customer", log.deed == Deed.BATCH)
        .where(log.record_id <= customer.id)
        .order_by(log.record_id.desc())
        .limit(1)
    )
    row = session.connection().execute(batch).first()
    return row.operation_id if row and row.last_id >= customer.id else None


def _came(customer: Customer | None) -> list[FieldChange]:
    if customer is None:
        return []
    key, name = customer.id, customer.name
    return [FieldChange("customer", Deed.BATCH, "name", None, name, key, name)]


def _authors(session: Session, activities: Sequence[Activity]) -> dict[int, str]:
    """Who wrote each activity down; its owner where the log does not say."""
    owners = {a.owner_id for a in activities if a.owner_id is not None}
    users = select(col(User.id), col(User.name)).where(
        db.ids_in(col(User.id), sorted(owners))
    )
    names = {int(row[0]): row[1] for row in session.execute(users)} if owners else {}
    who = {a.id: names.get(a.owner_id or 0, "") for a in activities}
    made = (
        select(col(Change.record_id), col(Operation.actor_name))
        .join(Operation, col(Operation.id) == col(Change.operation_id))
        .where(col(Change.entity) == "activity", col(Change.deed) == Deed.CREATE)
        .where(db.ids_in(col(Change.record_id), [a.id for a in activities]))
    )
    return who | {int(row[0]): row[1] for row in session.execute(made)}
