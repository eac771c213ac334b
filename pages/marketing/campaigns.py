"""Campaigns: whom we write to, call or invite, and what came of it."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.marketing import campaign_form

st.title(_("Campaigns"))
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
