"""Leads: who may buy one day."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.data.imports import way
from crm.ui.sales import lead_score, lead_view

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Leads"), width="stretch")
    lead_view.new()
lead_score.panel()

list_view.show(
    list_view.ListSpec(
        entity="lead",
        slug="leads",
        detail="lead",
        opens="name",
        empty=_("No leads yet."),
        hint=_("Add the first one above, or send them by the API."),
        start=way.show,
    )
)
