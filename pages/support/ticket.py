"""One ticket: what it is about, whose turn it is, what was said and done."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Ticket
from crm.services.fields import fields_of
from crm.ui import (
    access,
    feedback,
    navigation,
    record_form,
    record_header,
    timeline_view,
)
from crm.ui.support import ticket_view

with feedback.told(), db.reading(access.current()) as session:
    ticket = db.get(session, Ticket, navigation.asked_id())
    labels = {
        name: _(field.label)
        for entity in ("customer", "ticket")
        for name, field in fields_of(session, entity).items()
    }
if "labels" not in locals():
    navigation.link("tickets", _("All tickets"), icon=":material/arrow_back:")
    st.stop()

record_header.show(ticket, "ticket")
ticket_view.moves(ticket)
ticket_view.facts(ticket)
said, happened = st.columns([1, 2], gap="large")
with said:
    st.subheader(_("Details"))
    ticket_view.description(ticket)
with happened:
    timeline_view.composer(ticket.customer_id, ticket_id=ticket.id)
    timeline_view.stream(ticket.customer_id, labels, ticket_id=ticket.id)
record_form.show()
