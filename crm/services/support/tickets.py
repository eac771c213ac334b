"""Tickets: note what a customer asks or complains of, and see it through."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import (
    Activity,
    Contact,
    Ticket,
    TicketFields,
    TicketStatus,
    utcnow,
)
from crm.services import records
from crm.services.admin import custom_fields

OVER = tuple(status for status in TicketStatus if status.is_over)


def create(
    session: Session,
    form: TicketFields,
    *,
    custom: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Open a ticket at `at` (now), owned by the actor unless the form names an owner.

    What a contact asks, its customer asks.

    Raises:
        NotFound: the customer, the contact or the owner does not exist.
        Invalid: the contact is another customer's, or a custom value does not fit.
    """
    _check_links(session, form)
    at = at or utcnow()
    given = records.own(session, form).model_dump(exclude={"status"})
    row = Ticket(**given, opened_at=at)
    row.move(form.status, at=at)
    session.add(row)
    session.flush()
    custom_fields.store(session, "ticket", row.id, custom or {})
    return row


def update(
    session: Session,
    ticket_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Change the fields in `changes`, and custom values, at `at` (now).

    Its notes and tasks, as far as they are in reach, go with it to another customer.
    Taken from its customer, it loses its contact unless `changes` name one.

    Raises:
        NotFound: it, or what it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or the contact is another customer's.
        RuleBroken: it is closed, and is to be opened again.
    """
    row = db.get(session, Ticket, ticket_id)
    records.expect(row, version)
    before = row.customer_id
    if changes.get("customer_id", before) is None and before is not None:
        changes = {"contact_id": None} | changes
    with session.no_autoflush:
        change(row, changes, at=at)
        _check_links(session, row, changes)
    if row.customer_id != before:
        _take_along(session, row)
    custom_fields.change_of(session, row, custom or {})
    session.flush()
    return row


def change(
    row: Ticket, changes: dict[str, Any], *, at: datetime | None = None
) -> Ticket:
    """Set `changes` on `row`; another status is a move at `at` (now).

    Raises:
        Invalid: a field that a ticket does not have, or a value that does not fit.
        RuleBroken: it is closed, and is to be opened again.
    """
    before = row.status
    records.change(row, TicketFields, changes)
    status, row.status = row.status, before
    if before is TicketStatus.CLOSED and status is not before:
        words = _("“{name}” is closed and stays so; open a new ticket instead.")
        raise RuleBroken(words.format(name=row.subject))
    row.move(status, at=at or utcnow())
    return row


def move(
    session: Session,
    ticket_id: int,
    status: TicketStatus,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Set the status at `at` (now); remember when it was solved.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it is closed, and is to be opened again.
    """
    return update(session, ticket_id, {"status": status}, version=version, at=at)


def remove(session: Session, ticket_id: int, *, version: int | None = None) -> Ticket:
    """Put a ticket into the recycle bin."""
    row = db.get(session, Ticket, ticket_id)
    records.bin_(session, row, version=version)
    return row


def of_customer(
    session: Session, customer_id: int, *, is_open: bool = True, limit: int = 50
) -> list[Ticket]:
    """The tickets of a customer that are open, or over; the latest first."""
    over = col(Ticket.status).in_(OVER)
    statement = (
        select(Ticket)
        .where(col(Ticket.customer_id) == customer_id, ~over if is_open else over)
        .order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def _check_links(
    session: Session, source: Any, names: Collection[str] = TicketFields.model_fields
) -> None:
    """Make sure that what `source` names under `names` is there and in reach."""
    records.check_links(session, source, names)
    if not {"customer_id", "contact_id"} & set(names) or source.contact_id is None:
        return
    if source.customer_id is None:
        contact = db.get(session, Contact, source.contact_id)
        source.customer_id = contact.customer_id
    records.check_kin(session, source, "contact_id", Contact)


def _take_along(session: Session, row: Ticket) -> None:
    """Let the activities of a ticket, in the bin or not, follow it to its customer.

    Those out of reach stay: moved to a customer in reach, they would be seen there.
    Its timeline shows them all the same to whoever may see them.
    """
    mine = select(Activity).where(col(Activity.ticket_id) == row.id)
    for one in session.scalars(mine, execution_options=db.everything).all():
        one.customer_id = row.customer_id
        if row.customer_id is None:  # of nobody, they would be in everyone's reach
            one.owner_id = one.owner_id or row.owner_id
