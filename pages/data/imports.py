"""Imports: bring a file in, and see what became of earlier ones."""

import streamlit as st

from crm.i18n import _
from crm.ui.data.imports import guide, listing, upload

st.title(_("Imports"))
if upload.new():
    guide.show()
listing.show()
