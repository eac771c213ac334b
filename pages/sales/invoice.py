"""One invoice or credit note: lines, payments, what can be done about it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services.documents import invoices, invoices_links, payments
from crm.services.prices.products import products_of
from crm.ui import access, feedback, navigation, record_header
from crm.ui.data import mail_view
from crm.ui.sales import invoice_actions, invoice_view, payment_view

with feedback.told(), db.reading(access.current()) as session:
    invoice = invoices.invoice(session, navigation.asked_id())
    products = products_of(session, invoice.lines)
    others = invoices_links.others(session, invoice)
    notes = invoices.credit_notes(session, invoice.id)
    received = payments.of_invoice(session, invoice.id)
if "received" not in locals():
    navigation.link("invoices", _("All invoices"), icon=":material/arrow_back:")
    st.stop()

record_header.show(invoice, "invoice")
invoice_view.links(invoice, others)
invoice_view.facts(invoice)
invoice_actions.show(invoice)
invoice_view.lines(invoice, products)
if invoice.credited_id is None:
    payment_view.of_invoice(received)
if notes:
    st.subheader(_("Credit notes"))
    invoice_view.rows(notes)
mail_view.about(invoice_id=invoice.id)
