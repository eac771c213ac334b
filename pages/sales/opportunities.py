"""Opportunities: the pipeline as a board, or all of them as a list."""

import streamlit as st

from crm.i18n import N_, _
from crm.ui import address, list_view
from crm.ui.data.imports import way
from crm.ui.sales import opportunity_board, opportunity_form

st.title(_("Opportunities"))

with st.container(horizontal=True, vertical_alignment="bottom"):
    views = {"board": N_("Board"), "list": N_("List")}
    view = address.choice(_("View"), views, "view", is_labelled=False)
    opportunity_form.new()

if view == "board":
    opportunity_board.show()
    st.stop()

list_view.show(
    list_view.ListSpec(
        entity="opportunity",
        slug="opportunities",
        detail="opportunity",
        opens="name",
        empty=_("No opportunities yet."),
        hint=_("Add the first one above, or convert a lead."),
        start=way.show,
    )
)
