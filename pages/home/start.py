"""Start: how the business goes, what is to do, what is at hand; or how to begin."""

import streamlit as st

from crm.i18n import _
from crm.ui import business_view
from crm.ui.data import demo_company
from crm.ui.home import first_steps, start_view

st.title(_("Start"))
loading = demo_company.is_moving()
if start_view.is_empty():
    if not loading:
        first_steps.show()
    st.stop()
business_view.show()
todo, lately = st.columns([3, 2], gap="large")
with todo:
    start_view.agenda()
with lately:
    start_view.at_hand()
start_view.figures()
