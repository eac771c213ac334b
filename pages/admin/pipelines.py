"""Pipelines: their stages, and what each of them asks for."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import pipelines_view

st.title(_("Pipelines"))
pipeline = pipelines_view.which()
pipelines_view.head(pipeline)
pipelines_view.stages(pipeline)
