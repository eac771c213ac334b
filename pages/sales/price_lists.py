"""Price lists: what products cost, for whom and when."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.sales import price_lists_view

with st.container(horizontal=True, vertical_alignment="center"):
    st.title(_("Price lists"), width="stretch")
    price_lists_view.new()


list_view.show(
    list_view.ListSpec(
        entity="price_list",
        slug="price_lists",
        detail="price_list",
        opens="name",
        empty=_("No price lists yet."),
        hint=_("Quotes take the prices of products until there is one."),
    )
)
