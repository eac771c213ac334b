"""Sales reports: how far opportunities come, what is won, how long it takes, why."""

import streamlit as st

from crm.i18n import _
from crm.ui.sales import sales_report

st.title(_("Sales reports"))
sales_report.show()
