"""A customer's timeline: activities and field changes in one stream."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import (
    Activity,
    ActivityKind,
    Change,
    Customer,
    Deed,
    Operation,
    Reason,
    Ticket,
    User,
    folded,
)
from crm.services.changes import FieldChange, described, readable
from crm.services.marketing import campaign_events
from crm.services.marketing.campaign_events import Event

CHANGES = "change"
CAMPAIGNS = "campaign"
STEP = 100  # read at a time while looking for a text

Place = tuple[datetime, int, int]
_EVENT, _ACTIVITY, _CHANGE = 2, 1, 0  # of the same instant, the event comes first


@dataclass(frozen=True)
class Entry:
    """One thing on the timeline: an activity, or what one operation changed."""

    at: datetime
    kind: str  # an activity's kind, “change” or “campaign”
    who: str = ""
    activity: Activity | None = None
    event: Event | None = None
    operation_id: int | None = None
    reason: Reason | None = None
    note: str | None = None
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """What the timeline is sorted by."""
        if self.activity is not None:
            return self.at, _ACTIVITY, self.activity.id
        if self.event is not None:
            return self.at, _EVENT, self.event.place
        return self.at, _CHANGE, self.operation_id or 0

    @property
    def key(self) -> str:
        """Names the place of this entry: what comes before it is asked for by it."""
        at, rank, number = self.place
        return f"{at.isoformat()}~{rank}~{number}"

    def mentions(self, words: str) -> bool:
        """Whether folded `words` stand in a text or in a changed value."""
        parts = [self.who, self.note or ""]
        if self.activity is not None:
            parts += [self.activity.subject, self.activity.body or ""]
        if self.event is not None:
            parts.append(self.event.campaign)
        for change in self.changes:
            values = (change.name, change.record, change.before, change.after)
            parts += [str(value) for value in values if value is not None]
        return words in folded("\n".join(parts))


def timeline(  # noqa: PLR0913  (one for each way to narrow it)
    session: Session,
    customer_id: int,
    *,
    kinds: Collection[str] = (),
    text: str = "",
    opportunity_id: int | None = None,
    before: str | None = None,
    limit: int = 20,
) -> list[Entry]:
    """What happened around a customer, newest first; nothing if it is out of reach.

    With `opportunity_id` only what is about this one of its opportunities. `kinds`
    are kinds of activity, “change” and “campaign”; none means all. `text` is looked
    for, whatever its case and accents, in subjects, bodies, names and changed values.
    To go on after at most `limit` entries, ask again with `before` the last one's
    `key`.

    Raises:
        Invalid: `before` is no entry's key.
    """
    customer = session.get(Customer, customer_id, execution_options=db.everything)
    if customer is None:
        return []
    about = _About(customer, opportunity_id=opportunity_id)
    return _entries(session, about, kinds, text, before, limit)


def of_ticket(
    session: Session,
    ticket_id: int,
    *,
    kinds: Collection[str] = (),
    text: str = "",
    before: str | None = None,
    limit: int = 20,
) -> list[Entry]:
    """The same of one ticket, whether it has a customer or none.

    Raises:
        NotFound: there is no such ticket in reach.
        Invalid: `before` is no entry's key.
    """
    db.get(session, Ticket, ticket_id)
    about = _About(None, ticket_id=ticket_id)
    return _entries(session, about, kinds, text, before, limit)


@dataclass(frozen=True)
class _About:
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

    def changes(self, session: Session) -> list[Any]:
        """The conditions on changes; those of activities are on it as such."""
        if self.customer is None:
            this = col(Change.record_id) == self.ticket_id
            return [col(Change.entity) == "ticket", this]
        mine = col(Change.customer_id) == self.customer.id
        if self.opportunity_id is not None:
            this = col(Change.record_id) == self.opportunity_id
            return [mine, col(Change.entity) == "opportunity", this]
        told = {"activity", "suggestion", "outgoing_mail", "recipient"}  # in other ways
        kinds = set(readable(db.actor_of(session))) - told
        return [mine, col(Change.entity).in_(sorted(kinds))]


def _entries(
    session: Session,
    about: _About,
    kinds: Collection[str],
    text: str,
    before: str | None,
    limit: int,
) -> list[Entry]:
    start, words = _place(before), folded(text)
    wanted = set(kinds) or {CHANGES, CAMPAIGNS, *ActivityKind}
    step = STEP if words else limit
    written = wanted - {CHANGES, CAMPAIGNS}
    streams = [_activities(session, about, written, start, step)]
    if CHANGES in wanted:
        streams.append(_operations(session, about, start, step))
    if CAMPAIGNS in wanted:
        streams.append(_events(session, about, start))
    merged = heapq.merge(*streams, key=lambda entry: entry.place, reverse=True)
    return list(islice((one for one in merged if one.mentions(words)), limit))


def _activities(
    session: Session, about: _About, kinds: set[str], start: Place | None, step: int
) -> Iterator[Entry]:
    if not kinds:
        return
    found = select(Activity).where(
        about.activities(), col(Activity.kind).in_(sorted(kinds))
    )
    for page in _pages(session, found, Activity, (_ACTIVITY, start), step):
        who = _authors(session, page)
        for one in page:
            yield Entry(one.at, one.kind.value, who=who.get(one.id, ""), activity=one)


def _events(session: Session, about: _About, start: Place | None) -> Iterator[Entry]:
    """What campaigns meant for the customer; they are about nothing smaller."""
    if about.customer is None or about.opportunity_id is not None:
        return
    for event in campaign_events.of_customer(session, about.customer.id):
        entry = Entry(event.at, CAMPAIGNS, event=event)
        if start is None or entry.place < start:
            yield entry


def _operations(
    session: Session, about: _About, start: Place | None, step: int
) -> Iterator[Entry]:
    """Activities are on the timeline themselves, so their changes are left out, and
    those of mails, which are activities once they are sent.

    So are suggestions: those left alone on purpose are to be seen by nobody.
    """
    customer = about.customer
    mine = select(col(Change.operation_id)).where(*about.changes(session))
    wanted: Any = col(Operation.id).in_(mine)
    if customer is not None and about.opportunity_id is None:
        came = _brought_in_by(session, customer)
        wanted = sa.or_(wanted, col(Operation.id) == came)
    found = select(Operation).where(wanted)
    for page in _pages(session, found, Operation, (_CHANGE, start), step):
        changes = _changes(session, about, [one.id for one in page])
        for one in page:
            yield Entry(
                one.at,
                CHANGES,
                who=one.actor_name,
                operation_id=one.id,
                reason=one.reason,
                note=one.note,
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
    session: Session, about: _About, operations: list[int]
) -> dict[int, list[FieldChange]]:
    found = (
        select(Change)
        .where(*about.changes(session))
        .where(db.ids_in(col(Change.operation_id), operations))
        .order_by(col(Change.id))
        .execution_options(**db.everything)
    )
    return described(session, list(session.scalars(found)))


def _brought_in_by(session: Session, customer: Customer) -> int | None:
    """The operation that created the customer among many, past the session."""
    if customer.import_id is None:
        return None
    log = inspect(Change).local_table.c
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


def _place(key: str | None) -> Place | None:
    if key is None:
        return None
    try:
        at, rank, number = key.split("~")
        return datetime.fromisoformat(at), int(rank), int(number)
    except ValueError as error:
        raise Invalid(_("This is no place on the timeline.")) from error
