"""What if: the year ahead by a few assumptions, as a distribution."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import what_if

st.title(_("What if"))
what_if.show()
