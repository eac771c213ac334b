"""Audit: who did what, and whether the log still says what was written."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import audit_filter, audit_view

st.title(_("Audit"))
query = audit_filter.filter_bar()
with st.container(horizontal=True, vertical_alignment="center"):
    audit_view.export(query)
    audit_view.seals()
if chosen := audit_view.table(query):
    audit_view.details(chosen)
