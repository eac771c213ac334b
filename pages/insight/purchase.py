"""Next purchases: who buys in the next days, how much, and what to offer."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import purchase

st.title(_("Next purchases"))
purchase.show()
