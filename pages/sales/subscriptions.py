"""Subscriptions: what customers pay for again and again."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view

st.title(_("Subscriptions"))


list_view.show(
    list_view.ListSpec(
        entity="subscription",
        slug="subscriptions",
        detail="subscription",
        opens="number",
        empty=_("No subscriptions yet."),
        hint=_("They are added on the page of a customer, or by the API."),
    )
)
