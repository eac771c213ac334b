"""Quotes: what was offered to whom, and what became of it."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.sales import quote_start

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Quotes"), width="stretch")
    quote_start.new()


list_view.show(
    list_view.ListSpec(
        entity="quote",
        slug="quotes",
        detail="quote",
        opens="number",
        empty=_("No quotes yet."),
        hint=_("Write one here, on the page of a customer or of an opportunity."),
    )
)
