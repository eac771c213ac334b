"""Targets: what is to be won, by whom and when, and how far it has come."""

import streamlit as st

from crm.i18n import _
from crm.ui.sales import targets_view

st.title(_("Targets"))
targets_view.show()
