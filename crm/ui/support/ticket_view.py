"""The parts of a ticket's page, and those of a customer."""

import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.models import Action, Ticket, TicketStatus
from crm.services import list_values
from crm.services.fields import Kind
from crm.services.support import tickets
from crm.services.support.ticket_fields import TICKET_KINDS, TICKET_STATES
from crm.ui import access, feedback, navigation
from crm.ui.format import ago, moment, number, plain, whole_moment, whose_times
from crm.ui.support import ticket_form, ticket_words, whose

MOST = 50  # tickets of a customer on its page, of the open ones and of the others


def moves(ticket: Ticket) -> None:
    """The states as one line; a click moves it there. What is closed stays so."""
    may = access.current().may(Action.UPDATE, "ticket")
    is_closed = ticket.status is TicketStatus.CLOSED
    with st.container(horizontal=True, gap="small", key="ticket_states"):
        for status in TicketStatus:
            here = status is ticket.status
            icon = ticket_words.STATES[status][0]
            st.button(
                _(TICKET_STATES[status.value]),
                icon=f":material/{icon}:",
                type="primary" if here else "secondary",
                key=f"ticket_move_{status.value}",
                disabled=not may or (is_closed and not here),
                on_click=None if here else _move,
                args=[ticket.id, status, ticket.version],
            )


def _move(ticket_id: int, status: TicketStatus, version: int) -> None:
    feedback.run(_("Saved."), tickets.move, ticket_id, status, version=version)


def facts(ticket: Ticket) -> None:
    """Whose it is, what it is, how it stands, since when."""
    with db.reading(access.current()) as session:
        customers = list_values.names(session, Kind.CUSTOMER, [ticket.customer_id or 0])
        contacts = list_values.contact_names(session, [ticket.contact_id or 0])
    for slug, icon, names in (
        ("customer", "person", customers),
        ("contact", "contact_page", contacts),
    ):
        for key, name in names.items():
            navigation.link(slug, name, icon=f":material/{icon}:", id=key)
    if ticket.customer_id is None:
        st.caption(_("Of no customer yet."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ticket_words.badges(ticket)
        st.caption(plain(" · ".join(_told(ticket))), help=whose_times())
    whose.change(ticket)


def _told(ticket: Ticket) -> list[str]:
    told = [
        _(TICKET_KINDS[ticket.kind.value]),
        _("opened {at}").format(at=moment(ticket.opened_at)),
    ]
    if ticket.solved_at is not None:
        told.append(_("solved {at}").format(at=moment(ticket.solved_at)))
    told += [part for part in (ticket.source, ticket.external_id) if part]
    return told


def description(ticket: Ticket) -> None:
    """What was asked or said, as it was written."""
    if ticket.description:
        with st.container(border=True):
            st.text(ticket.description)
    else:
        st.caption(_("No details."))


def of_customer(customer_id: int) -> None:
    """The open tickets of a customer, how many are over, and a way to open one."""
    actor = access.current()
    if not actor.may(Action.READ, "ticket"):
        return
    with db.reading(actor) as session:
        found = tickets.of_customer(session, customer_id, limit=MOST + 1)
        over = tickets.of_customer(session, customer_id, is_open=False, limit=MOST + 1)
    if not found:
        st.caption(_("No open tickets."))
    for one in found[:MOST]:
        _row(one)
    if len(found) > MOST:
        st.caption(plain(_("There are more; these are the latest {n}.").format(n=MOST)))
    if actor.may(Action.CREATE, "ticket"):
        ticket_form.button(customer_id)
    if over:
        label = ngettext("{n} ticket is over", "{n} tickets are over", len(over))
        more = "+" if len(over) > MOST else ""
        with st.expander(label.format(n=number(len(over[:MOST])) + more)):
            for one in over[:MOST]:
                _row(one)


def _row(ticket: Ticket) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(width="stretch", gap=None):
            navigation.link("ticket", ticket.subject, id=ticket.id)
            kind = _(TICKET_KINDS[ticket.kind.value])
            told = f"{kind} · {ago(ticket.opened_at)}"
            st.caption(told, help=whole_moment(ticket.opened_at))
        ticket_words.badges(ticket)
