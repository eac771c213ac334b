"""Recycle bin: what was deleted, and the way back."""

import streamlit as st

from crm.i18n import _
from crm.ui.data import recycle_bin_view

st.title(_("Recycle bin"))
recycle_bin_view.table(recycle_bin_view.which())
