"""One lead: what is known, and what becomes of it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Lead
from crm.ui import access, feedback, navigation, record_form, record_header
from crm.ui.sales import lead_view

with feedback.told(), db.reading(access.current()) as session:
    lead = db.get(session, Lead, navigation.asked_id())
if "lead" not in locals():
    navigation.link("leads", _("All leads"), icon=":material/arrow_back:")
    st.stop()

record_header.show(lead, "lead")
lead_view.actions(lead)
lead_view.facts(lead)
record_form.show()
