"""Recurring revenue: what subscriptions bring by the month, and how long they last."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import recurring_revenue

st.title(_("Recurring revenue"))
recurring_revenue.show()
