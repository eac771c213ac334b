"""Products: what we sell."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view

st.title(_("Products"))


list_view.show(
    list_view.ListSpec(
        entity="product",
        slug="products",
        detail="product",
        opens="name",
        empty=_("No products yet."),
        hint=_("Products come in by an import or by the API."),
    )
)
