"""Outgoing mail: what was sent, what waits, and what came to nothing."""

import streamlit as st

from crm.i18n import _
from crm.ui.data import mail_view

st.title(_("Outgoing mail"))
mail_view.table()
