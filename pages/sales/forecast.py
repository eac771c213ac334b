"""Sales forecast: what is won, counted on, and likely, beside the target."""

import streamlit as st

from crm.i18n import _
from crm.ui.sales import sales_forecast

st.title(_("Sales forecast"))
sales_forecast.show()
