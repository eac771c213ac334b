"""Segments: named sets of customers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from crm import db
from crm.db.watch import require
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import Action, Actor, Customer, Segment, SegmentKind, SegmentMember
from crm.services import filters, lists, records
from crm.services.customers import live_segments
from crm.services.fields import entity_of, fields_of


def save(
    session: Session,
    name: str,
    customer_ids: Sequence[int],
    *,
    description: str | None = None,
    analysis_id: int | None = None,
) -> Segment:
    """Name a set of customers; those out of the actor's reach are left out.

    Raises:
        Invalid: no name, or nobody in it.
    """
    segment = Segment(
        name=_named(name),
        description=_described(description),
        kind=SegmentKind.ANALYSIS if analysis_id else SegmentKind.STATIC,
        analysis_id=analysis_id,
        owner_id=db.actor_of(session).user_id,
    )
    session.add(segment)
    session.flush()
    added = add_members(session, segment.id, customer_ids)
    if not added:
        raise Invalid(_("There is nobody to put into the segment."))
    return segment


def save_rule(
    session: Session, name: str, rule: filters.Rule, *, today: date
) -> Segment:
    """Name a rule; whoever fits it is in the segment, at any moment.

    Raises:
        Invalid: no name, no rule, or a rule that cannot be read.
    """
    if not isinstance(rule, dict) or not rule.get("rules"):
        raise Invalid(_("A live segment needs at least one condition."), field="rule")
    entity = entity_of("customer")
    filters.where(entity, fields_of(session, "customer"), rule, today=today)
    if live_segments.named_in(session, rule):
        raise Invalid(_("A live segment cannot stand on another one."), field="rule")
    segment = Segment(
        name=_named(name),
        kind=SegmentKind.LIVE,
        rule=rule,
        owner_id=db.actor_of(session).user_id,
    )
    session.add(segment)
    session.flush()
    return segment


def add_members(session: Session, segment_id: int, customer_ids: Sequence[int]) -> int:
    """Put customers into a segment; how many were new to it.

    Raises:
        NotFound: there is no such segment.
        RuleBroken: it is live: its rule says who is in it.
        Forbidden: the actor may not change segments.
    """
    segment = db.get(session, Segment, segment_id)
    if segment.kind is SegmentKind.LIVE:
        raise RuleBroken(_("The rule of a live segment says who is in it."))
    require(db.actor_of(session), Action.CREATE, "segment_member")
    there = select(col(SegmentMember.customer_id)).where(
        col(SegmentMember.segment_id) == segment_id
    )
    wanted = {one for one in customer_ids if 0 < one < 2**63}
    reached: list[int] = []
    for piece in db.chunked(sorted(wanted - set(session.scalars(there)))):
        found = select(col(Customer.id)).where(col(Customer.id).in_(piece))
        reached.extend(session.scalars(found))
    for piece in db.chunked(reached, 10_000):
        rows = [{"segment_id": segment_id, "customer_id": one} for one in piece]
        session.execute(insert(SegmentMember), rows)
    return len(reached)


def listed(session: Session) -> list[Segment]:
    """All segments, by name."""
    return list(session.scalars(select(Segment).order_by(col(Segment.name)).limit(500)))


def size(session: Session, segment: Segment, *, today: date) -> int:
    """How many customers in reach are in the segment; live ones are counted now."""
    if segment.kind is SegmentKind.LIVE:
        query = lists.Query("customer", rule=segment.rule)
        return lists.count(session, query, today=today, limit=lists.COUNT_LIMIT)
    statement = (
        select(func.count())
        .select_from(SegmentMember)
        .join(Customer, col(Customer.id) == col(SegmentMember.customer_id))
        .where(col(SegmentMember.segment_id) == segment.id)
    )
    return int(session.scalar(statement) or 0)


def rule_of(segment: Segment, reader: Actor | None = None) -> filters.Rule:
    """The filter that shows a segment's customers in the list.

    To a `reader` from whom some of its fields are hidden, the segment is only named.
    """
    told = reader is None or live_segments.is_told(reader, "customer", segment.rule)
    if segment.kind is SegmentKind.LIVE and segment.rule and told:
        return segment.rule
    condition = {"field": "segments", "op": "any", "value": [segment.id]}
    return {"match": "all", "rules": [condition]}


def remove(session: Session, segment_id: int, *, version: int | None = None) -> None:
    """Put a segment into the recycle bin."""
    records.bin_(session, db.get(session, Segment, segment_id), version=version)


def _named(name: str) -> str:
    missing = _("A segment needs a name.")
    return records.text(name, longest=120, missing=missing, field="name")


def _described(description: str | None) -> str | None:
    if not description or not description.strip():
        return None
    return records.text(description, longest=500, missing="", field="description")
