"""Win probability: which open opportunities will be won, why, and how sure that is."""

import streamlit as st

from crm.i18n import _
from crm.ui.sales import win_chance

st.title(_("Win probability"))
win_chance.show()
