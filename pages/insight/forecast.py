"""Forecast: revenue and orders to come, and how far to trust it."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import forecast

st.title(_("Forecast"))
st.caption(_("Revenue and orders to come, judged by what would have been said before."))
forecast.show()
