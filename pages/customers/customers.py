"""Customers: find, filter, open, act on many."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.data.imports import way

st.title(_("Customers"))


list_view.show(
    list_view.ListSpec(
        entity="customer",
        slug="customers",
        detail="customer",
        opens="name",
        empty=_("No customers yet."),
        hint=_("Create the first one by “New customer”."),
        start=way.show,
    )
)
