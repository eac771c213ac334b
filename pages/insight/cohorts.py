"""Cohorts: of the customers who began together, how many come back, and when."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import cohorts

st.title(_("Cohorts"))
cohorts.show()
