"""Invoices and credit notes: what is open, what is overdue."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view
from crm.ui.sales import invoice_sums

st.title(_("Invoices"))
invoice_sums.over_all()

list_view.show(
    list_view.ListSpec(
        entity="invoice",
        slug="invoices",
        detail="invoice",
        opens="number",
        empty=_("No invoices yet."),
        hint=_("They are issued on the page of an order, or by the API."),
    )
)
