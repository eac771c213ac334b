"""Segments: named sets of customers, from a rule, a list or an analysis."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services.customers import segments
from crm.services.days import today
from crm.ui import access
from crm.ui.customers import segments_view
from crm.ui.feedback import empty

st.title(_("Segments"))
segments_view.new_live()

with db.reading(access.current()) as session:
    found = [
        (segment, segments.size(session, segment, today=today()))
        for segment in segments.listed(session)
    ]

if not found:
    empty(
        _("No segments yet."),
        _("Name a set of customers: by a rule here, or from a list or an analysis."),
        icon="workspaces",
    )
for segment, size in found:
    segments_view.card(segment, size)
