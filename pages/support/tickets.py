"""Tickets: what customers ask, say and complain of, until it is solved."""

import streamlit as st

from crm.i18n import _
from crm.models import Action
from crm.ui import access, list_view
from crm.ui.support import ticket_form

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Tickets"), width="stretch")
    if access.current().may(Action.CREATE, "ticket"):
        ticket_form.button()

list_view.show(
    list_view.ListSpec(
        entity="ticket",
        slug="tickets",
        detail="ticket",
        opens="subject",
        empty=_("No tickets yet."),
        hint=_("Note the first question or problem above, or send it by the API."),
    )
)
