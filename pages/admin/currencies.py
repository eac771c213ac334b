"""Currencies: which are in use, and what they are worth day by day."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import rates_file, rates_form, rates_view

st.title(_("Currencies"))
known = rates_view.in_use()
rates_form.show(rates_view.which(known))
rates_file.show(list(known))
