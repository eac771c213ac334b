"""Web forms: public pages on which somebody becomes a lead."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import web_forms_view

st.title(_("Web forms"))
web_forms_view.table()
