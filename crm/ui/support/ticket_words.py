"""How tickets look: the colours of their states and priorities."""

from typing import Any

import streamlit as st

from crm.i18n import _
from crm.models import Priority, Ticket, TicketStatus
from crm.services.support.ticket_fields import PRIORITIES, TICKET_STATES

STATES: dict[TicketStatus, tuple[str, str]] = {
    TicketStatus.NEW: ("fiber_new", "blue"),
    TicketStatus.OPEN: ("build", "orange"),
    TicketStatus.WAITING: ("hourglass_empty", "gray"),
    TicketStatus.SOLVED: ("check_circle", "green"),
    TicketStatus.CLOSED: ("lock", "gray"),
}
HURTS: dict[Priority, tuple[str, str]] = {
    Priority.LOW: ("keyboard_arrow_down", "gray"),
    Priority.NORMAL: ("remove", "gray"),
    Priority.HIGH: ("keyboard_arrow_up", "orange"),
    Priority.URGENT: ("priority_high", "red"),
}


def badges(ticket: Ticket) -> None:
    """Whose turn it is, and how much it hurts."""
    icon, shade = STATES[ticket.status]
    _badge(_(TICKET_STATES[ticket.status.value]), icon, shade)
    icon, shade = HURTS[ticket.priority]
    _badge(_(PRIORITIES[ticket.priority.value]), icon, shade)


def _badge(label: str, icon: str, color: Any) -> None:
    st.badge(label, icon=f":material/{icon}:", color=color)
