"""Customers: find, filter, open, act on many."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view, navigation

st.title(_("Customers"))


def first_step() -> None:
    """What somebody with no customers does next."""
    navigation.link("import", _("Import a file"), icon=":material/upload_file:")


list_view.show(
    list_view.ListSpec(
        entity="customer",
        slug="customers",
        detail="customer",
        opens="name",
        empty=_("No customers yet."),
        hint=_("Import a file, or create the first one by “New customer”."),
        start=first_step,
    )
)
