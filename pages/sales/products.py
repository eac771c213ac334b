"""Products: what we sell."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.data.imports import way
from crm.ui.sales import product_new

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Products"), width="stretch")
    product_new.button(key="products_new")

list_view.show(
    list_view.ListSpec(
        entity="product",
        slug="products",
        detail="product",
        opens="name",
        empty=_("No products yet."),
        hint=_("Products come in by hand, by an import or by the API."),
        start=way.show,
    )
)
