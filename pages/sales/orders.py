"""Orders: sales, returns and cancellations."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.data.imports import way
from crm.ui.sales import order_form

st.title(_("Orders"))
order_form.show()

list_view.show(
    list_view.ListSpec(
        entity="sales_order",
        slug="orders",
        detail="order",
        opens="number",
        empty=_("No orders yet."),
        hint=_("They come of accepted quotes, by hand, by an import or by the API."),
        start=way.show,
    )
)
