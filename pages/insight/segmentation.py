"""Segmentation: customers by recency, frequency and money, and in clusters."""

import streamlit as st

from crm.i18n import _
from crm.ui.insight import segmentation

st.title(_("Segmentation"))
segmentation.show()
