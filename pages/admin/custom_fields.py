"""Custom fields: add what this company needs to know, without code."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import custom_fields_view

st.title(_("Custom fields"))
st.caption(_("They appear in forms, lists, filters, imports, exports and the API."))
entity = custom_fields_view.which()
custom_fields_view.table(entity)
custom_fields_view.new(entity)
