"""Start: what is here, and what to do next."""

import streamlit as st

from crm.i18n import _

st.title(_("Start"))
