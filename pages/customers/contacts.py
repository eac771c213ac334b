"""Contacts: the people at customers."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.customers import contact_view
from crm.ui.data.imports import way

st.title(_("Contacts"))
contact_view.bring_in()

list_view.show(
    list_view.ListSpec(
        entity="contact",
        slug="contacts",
        detail="contact",
        opens="last_name",
        empty=_("No contacts yet."),
        hint=_("Add people on the page of their customer."),
        start=way.show,
    )
)
