"""One contact: how to reach this person, and at which customer."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Contact, Customer
from crm.services.admin import custom_fields
from crm.services.customers import favourites
from crm.services.fields import fields_of
from crm.ui import access, feedback, navigation, record_form, record_header
from crm.ui.customers import contact_points_view, contact_view

with feedback.told(), db.reading(access.current()) as session:
    contact = db.get(session, Contact, navigation.asked_id())
    labels = {name: _(f.label) for name, f in fields_of(session, "contact").items()}
    extra = custom_fields.values(session, "contact", contact.id)
    starred = favourites.is_starred(session, "contact", contact.id)
    at = session.get(Customer, contact.customer_id) if contact.customer_id else None
if "contact" not in locals():
    navigation.link("contacts", _("All contacts"), icon=":material/arrow_back:")
    st.stop()

record_header.show(contact, "contact", starred=starred)
if at:
    navigation.link("customer", at.name, icon=":material/domain:", id=at.id)
contact_view.profile(contact, labels, extra)
contact_points_view.show("contact", contact.id)
contact_view.download(contact)
record_form.show()
