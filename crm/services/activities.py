"""Activities: notes, tasks, calls, meetings and mails around a customer."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Activity, ActivityFields, Contact, Opportunity, Ticket
from crm.services import days, records

LINKS = (*records.LINKS, "contact_id", "opportunity_id", "ticket_id")


class NextStep(StrEnum):
    """When the next thing is to be done for a customer."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    NONE = "none"


def record(session: Session, form: ActivityFields, *, at: datetime) -> Activity:
    """Record an activity at `at` (aware); a task belongs to the actor unless told.

    What is about an opportunity or a ticket is about its customer.

    Raises:
        NotFound: the customer, the contact, the opportunity, the ticket or the owner
            does not exist.
        Invalid: a due date without a zone, or on what cannot be due; an opportunity
            or a ticket of another customer.
    """
    _check_links(session, form)
    _check_due(form)
    activity = Activity(**records.own(session, form).model_dump(), at=at)
    session.add(activity)
    session.flush()
    return activity


def complete(session: Session, activity_id: int, *, at: datetime) -> Activity:
    """Mark as done at `at`; doing it twice changes nothing.

    Raises:
        NotFound: it does not exist.
    """
    activity = db.get(session, Activity, activity_id)
    activity.done_at = activity.done_at or at
    session.flush()
    return activity


def update(
    session: Session,
    activity_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> Activity:
    """Change the fields in `changes`, the due date among them.

    Raises:
        NotFound: it, or one it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
    """
    activity = db.get(session, Activity, activity_id)
    records.expect(activity, version)
    with session.no_autoflush:
        records.change(activity, ActivityFields, changes)
        _check_due(activity)
        _check_links(session, activity, changes)
    session.flush()
    return activity


def remove(session: Session, activity_id: int) -> None:
    """Put an activity into the recycle bin."""
    records.bin_(session, db.get(session, Activity, activity_id))


def agenda(
    session: Session, user_id: int, *, before: datetime, limit: int = 50
) -> list[Activity]:
    """What a user has still to do and is due before `before`, most urgent first."""
    statement = (
        select(Activity)
        .where(
            col(Activity.owner_id) == user_id,
            col(Activity.done_at).is_(None),
            col(Activity.due_at) < before,
        )
        .order_by(col(Activity.due_at), col(Activity.id))
        .limit(limit)
    )
    return list(session.scalars(statement))


def next_step(
    session: Session, ids: Sequence[int], *, at: datetime, link: str = "customer_id"
) -> dict[int, NextStep]:
    """When the next open activity of each is due, seen at `at`, by the company's day.

    Args:
        ids: customers, or what the field `link` of an activity names.
    """
    key, due = getattr(Activity, link), col(Activity.due_at)
    statement = (
        select(key, func.min(due))
        .where(db.ids_in(key, ids))
        .where(col(Activity.done_at).is_(None), due.is_not(None))
        .group_by(key)
    )
    dated = {int(row[0]): row[1] for row in session.execute(statement)}
    return {one: _step(dated.get(one), at) for one in ids}


def _check_links(session: Session, source: Any, names: Collection[str] = LINKS) -> None:
    """Make sure that what `source` names under `names` is there and in reach."""
    records.check_links(session, source, names)
    if "contact_id" in names and source.contact_id is not None:
        db.get(session, Contact, source.contact_id)
    if "opportunity_id" in names and source.opportunity_id is not None:
        opportunity = db.get(session, Opportunity, source.opportunity_id)
        words = _("The opportunity is one of another customer.")
        _belong(source, opportunity.customer_id, words, field="opportunity_id")
    if "ticket_id" in names and source.ticket_id is not None:
        ticket = db.get(session, Ticket, source.ticket_id)
        words = _("The ticket is one of another customer.")
        _belong(source, ticket.customer_id, words, field="ticket_id")


def _belong(source: Any, customer_id: int | None, words: str, *, field: str) -> None:
    """Fill in the customer of what `source` is about; refuse another one."""
    source.customer_id = source.customer_id or customer_id
    if source.customer_id != customer_id:
        raise Invalid(words, field=field)


def _check_due(source: Activity | ActivityFields) -> None:
    if source.due_at is not None:
        if source.due_at.tzinfo is None:
            raise Invalid(_("A due date needs its time zone."), field="due_at")
        records.usual_year(source.due_at, field="due_at")
        if not source.kind.can_be_due:
            raise Invalid(_("A note or a mail cannot be due."), field="due_at")


def _step(due: datetime | None, at: datetime) -> NextStep:
    if due is None:
        return NextStep.NONE
    if due < at:
        return NextStep.OVERDUE
    is_today = days.day_of(due) == days.day_of(at)
    return NextStep.TODAY if is_today else NextStep.LATER
