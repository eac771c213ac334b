"""Lifetime value: what each customer is expected to bring, and how far to trust it."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import lifetime_value

st.title(_("Lifetime value"))
lifetime_value.show()
