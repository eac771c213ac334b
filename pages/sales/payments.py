"""Payments: money that came in for invoices."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view

st.title(_("Payments"))

list_view.show(
    list_view.ListSpec(
        entity="payment",
        slug="payments",
        detail="payment",
        opens="invoice",
        empty=_("No payments yet."),
        hint=_("They are recorded on the page of an invoice, or by the API."),
    )
)
