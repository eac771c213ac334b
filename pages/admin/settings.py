"""Settings: the demo company, in and out."""

import streamlit as st

from crm.i18n import _
from crm.ui import settings_view

st.title(_("Settings"))
settings_view.demo()
