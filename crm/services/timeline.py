"""A customer's timeline: activities, field changes and campaigns in one stream."""

import heapq
from collections.abc import Collection
from itertools import islice

from sqlmodel import Session

from crm import db
from crm.models import ActivityKind, Customer, Ticket, folded
from crm.services.timeline_entries import CAMPAIGNS, CHANGES, Entry, place_of
from crm.services.timeline_streams import About, activities, events, operations

__all__ = ["CAMPAIGNS", "CHANGES", "Entry", "of_ticket", "timeline"]

STEP = 100  # read at a time while looking for a text


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
    about = About(customer, opportunity_id=opportunity_id)
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
    about = About(None, ticket_id=ticket_id)
    return _entries(session, about, kinds, text, before, limit)


def _entries(
    session: Session,
    about: About,
    kinds: Collection[str],
    text: str,
    before: str | None,
    limit: int,
) -> list[Entry]:
    start, words = place_of(before), folded(text)
    wanted = set(kinds) or {CHANGES, CAMPAIGNS, *ActivityKind}
    step = STEP if words else limit
    written = wanted - {CHANGES, CAMPAIGNS}
    streams = [
        activities(session, one, written, start, step)
        for one in (about.activities(), about.left_behind(session))
    ]
    if CHANGES in wanted:
        streams.append(operations(session, about, start, step))
    if CAMPAIGNS in wanted:
        streams.append(events(session, about, start))
    merged = heapq.merge(*streams, key=lambda entry: entry.place, reverse=True)
    return list(islice((one for one in merged if one.mentions(words)), limit))
