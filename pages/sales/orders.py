"""Orders: sales, returns and cancellations."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view

st.title(_("Orders"))


list_view.show(
    list_view.ListSpec(
        entity="sales_order",
        slug="orders",
        detail="order",
        opens="number",
        empty=_("No orders yet."),
        hint=_("Orders come in by an import or by the API."),
    )
)
