"""Today: whom to act on, what to do, why, and what it is worth."""

import streamlit as st

from crm.i18n import _
from crm.ui.home import today_view

st.title(_("Today"))
today_view.show()
