"""Whose a ticket is: its customer, looked for by a word, and who of it asks."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Ticket
from crm.services.customers import customers
from crm.services.support import tickets
from crm.ui import access, feedback, inputs
from crm.ui.customer_search import find_customer
from crm.ui.format import label


def contact(form: str, customer_id: int | None, chosen: int | None = None) -> None:
    """A choice of the customer's contacts, where there are any."""
    if customer_id is None:
        return
    with db.reading(access.current()) as session:
        found = {one.id: one.name for one in customers.contacts(session, customer_id)}
    if found:
        names: dict[int | None, str] = {None: _("Nobody in particular")}
        names |= {one: label(name, one) for one, name in found.items()}
        st.selectbox(
            _("Contact"),
            list(names),
            index=list(names).index(chosen) if chosen in names else 0,
            format_func=names.__getitem__,
            key=f"{form}_contact_{customer_id}",
        )


def held(form: str, known: int | None) -> dict[str, int | None]:
    """For callbacks: the customer and the contact that the form holds now.

    Args:
        known: the customer, unless another one is chosen.

    Raises:
        Invalid: one was looked for, and none was chosen.
    """
    state = st.session_state
    customer_id: int | None = state.get(f"{form}_customer_") or known
    if state.get(f"{form}_word"):
        customer_id = int(inputs.picked(form, "customer"))
    who = state.get(f"{form}_contact_{customer_id}")
    return {"customer_id": customer_id, "contact_id": who}


def change(ticket: Ticket) -> None:
    """A way to say whose it is, for whoever may."""
    if not access.current().may(Action.UPDATE, "ticket"):
        return
    form = f"whose_{ticket.id}_{ticket.version}"
    with st.popover(_("Customer and contact"), icon=":material/person_edit:"):
        customer_id = find_customer(form) or ticket.customer_id
        contact(form, customer_id, ticket.contact_id)
        st.button(
            _("Save"),
            type="primary",
            key=f"{form}_save",
            on_click=_save,
            args=[ticket, form],
        )


def _save(ticket: Ticket, form: str) -> None:
    with feedback.caught():
        whose = held(form, ticket.customer_id)
        feedback.run(
            _("Saved."), tickets.update, ticket.id, whose, version=ticket.version
        )
