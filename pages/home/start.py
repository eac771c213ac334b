"""Start: what is to do today, what was looked at lately, how to begin."""

import streamlit as st

from crm.i18n import _
from crm.ui import business_view
from crm.ui.home import start_view

st.title(_("Start"))
loading = start_view.is_loading()
if start_view.is_empty():
    if not loading:
        start_view.first_steps()
    st.stop()
start_view.figures()
business_view.show()
todo, lately = st.columns([3, 2], gap="large")
with todo:
    start_view.agenda()
with lately:
    start_view.at_hand()
