"""The fields of tickets, for the register of `crm.services.fields`."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm.i18n import N_
from crm.models import Priority, Ticket, TicketKind, TicketStatus
from crm.models.types import Text
from crm.services.field_kinds import Field, Kind, text

TICKET_KINDS = {
    TicketKind.INQUIRY.value: N_("Inquiry"),
    TicketKind.FEEDBACK.value: N_("Feedback"),
    TicketKind.PROBLEM.value: N_("Problem"),
}
TICKET_STATES = {
    TicketStatus.NEW.value: N_("New"),
    TicketStatus.OPEN.value: N_("In work"),
    TicketStatus.WAITING.value: N_("Waiting for the customer"),
    TicketStatus.SOLVED.value: N_("Solved"),
    TicketStatus.CLOSED.value: N_("Closed for good"),
}
PRIORITIES = {
    Priority.LOW.value: N_("Low"),
    Priority.NORMAL.value: N_("Normal"),
    Priority.HIGH.value: N_("High"),
    Priority.URGENT.value: N_("Urgent"),
}


def _rank(column: Any, choices: dict[str, str]) -> Any:
    """The place among the choices, to sort by: of words it would be by the letter."""
    places = {value: place for place, value in enumerate(choices)}
    return sa.case(places, value=sa.type_coerce(col(column), Text(20)))


def _fields() -> tuple[Field, ...]:
    t = Ticket
    return (
        text("subject", N_("Subject"), t.subject, key=t.search_key, shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, t.customer_id, shown=True),
        Field(
            "status", N_("Status"), Kind.CHOICE, t.status,
            _rank(t.status, TICKET_STATES), choices=TICKET_STATES, shown=True,
        ),
        Field(
            "priority", N_("Priority"), Kind.CHOICE, t.priority,
            _rank(t.priority, PRIORITIES), choices=PRIORITIES, shown=True,
        ),
        Field(
            "kind", N_("Kind"), Kind.CHOICE, t.kind, t.kind,
            choices=TICKET_KINDS, shown=True,
        ),
        Field("owner_id", N_("Owner"), Kind.USER, t.owner_id, t.owner_id, shown=True),
        Field(
            "opened_at", N_("Opened"), Kind.MOMENT, t.opened_at, t.opened_at,
            editable=False, shown=True,
        ),
        Field(
            "solved_at", N_("Solved on"), Kind.MOMENT, t.solved_at, t.solved_at,
            editable=False,
        ),
        text("source", N_("Source"), t.source),
        text("external_id", N_("External ID"), t.external_id),
        Field("description", N_("Details"), Kind.LONG_TEXT, t.description),
    )  # fmt: skip


TICKET_FIELDS = _fields()
