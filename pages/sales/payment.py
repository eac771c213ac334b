"""One payment; where it was entered by mistake, it is voided here."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import list_values
from crm.services.documents import payments
from crm.services.fields import Kind
from crm.ui import access, feedback, navigation
from crm.ui.sales import payment_view

with feedback.told(), db.reading(access.current()) as session:
    payment, invoice = payments.payment(session, navigation.asked_id())
    names = list_values.names(session, Kind.CUSTOMER, [payment.customer_id])
if "names" not in locals():
    navigation.link("payments", _("All payments"), icon=":material/arrow_back:")
    st.stop()

payment_view.facts(payment, invoice, names[payment.customer_id])
payment_view.void(payment)
