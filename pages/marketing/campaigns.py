"""Campaigns: whom we write to, call or invite, and what came of it."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.marketing import campaign_form

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Campaigns"), width="stretch")
    campaign_form.new()

list_view.show(
    list_view.ListSpec(
        entity="campaign",
        slug="campaigns",
        detail="campaign",
        opens="name",
        empty=_("No campaigns yet."),
        hint=_("Plan the first one above, then add customers to it."),
    )
)
