"""Contacts: the people at customers."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view, navigation

st.title(_("Contacts"))


def first_step() -> None:
    """What somebody with no contacts does next."""
    navigation.link("import", _("Import a file"), icon=":material/upload_file:")


list_view.show(
    list_view.ListSpec(
        entity="contact",
        slug="contacts",
        detail="contact",
        opens="last_name",
        empty=_("No contacts yet."),
        hint=_("Add people on the page of their customer, or import a file."),
        start=first_step,
    )
)
