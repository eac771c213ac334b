"""One quote: what it says, how far it is, its versions; or the form to write it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services.documents.quotes_records import order_of
from crm.ui import access, feedback, navigation, record_header
from crm.ui.sales import (
    quote_actions,
    quote_form,
    quote_start,
    quote_versions,
    quote_view,
)

with feedback.told():
    quote, begun = quote_start.asked()
if "begun" not in locals():
    navigation.link("quotes", _("All quotes"), icon=":material/arrow_back:")
    st.stop()

if begun is not None:
    st.title(_("New quote"))
    quote_form.new(begun)
if quote is None:
    st.stop()
record_header.show(quote, "quote")
if quote_start.is_edited(quote):
    quote_form.edit(quote)
    st.stop()
with db.reading(access.current()) as session:
    order = order_of(session, quote)
quote_view.facts(quote, order)
quote_actions.show(quote, order)
quote_view.paper(quote)
quote_versions.show(quote)
