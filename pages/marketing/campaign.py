"""One campaign: whom it is for, what became of them, and whether it helps."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Campaign
from crm.ui import access, feedback, navigation, record_form, record_header
from crm.ui.marketing import campaign_view, effect_view, recipients_view

with feedback.told(), db.reading(access.current()) as session:
    campaign = db.get(session, Campaign, navigation.asked_id())
if "campaign" not in locals():
    navigation.link("campaigns", _("All campaigns"), icon=":material/arrow_back:")
    st.stop()

record_header.show(campaign, "campaign")
campaign_view.facts(campaign)
figures = campaign_view.figures(campaign.id)
effect_view.show(campaign, figures)
st.subheader(_("Recipients"))
recipients_view.add(campaign)
recipients_view.show(campaign)
record_form.show()
