"""Churn: who will not order again soon, why, and how far to trust it."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import churn

st.title(_("Churn"))
churn.show()
