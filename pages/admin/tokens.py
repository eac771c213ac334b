"""API tokens: keys for other systems, each with what it may do."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import tokens_view

st.title(_("API tokens"))
tokens_view.made()
tokens_view.table()
tokens_view.new()
