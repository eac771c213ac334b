"""Products: what we sell."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view, navigation

st.title(_("Products"))


def first_step() -> None:
    """What somebody with no products does next."""
    navigation.link("import", _("Import a file"), icon=":material/upload_file:")


list_view.show(
    list_view.ListSpec(
        entity="product",
        slug="products",
        detail="product",
        opens="name",
        empty=_("No products yet."),
        hint=_("Products come with imported orders, or from a file of their own."),
        start=first_step,
    )
)
