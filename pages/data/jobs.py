"""Jobs: what runs in the background, how far it is, what came of it."""

import streamlit as st

from crm.i18n import _
from crm.ui.data import jobs_view

st.title(_("Jobs"))
jobs_view.table()
