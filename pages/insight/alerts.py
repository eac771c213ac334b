"""Alerts: what was unusual lately, with a budget for false alarms."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import alerts

st.title(_("Alerts"))
alerts.show()
