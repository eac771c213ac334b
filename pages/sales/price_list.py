"""One price list: when it holds, and what is in it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import PriceList
from crm.ui import access, feedback, navigation, record_form, record_header
from crm.ui.sales import list_prices_view, price_file_view, price_lists_view

with feedback.told(), db.reading(access.current()) as session:
    price_list = db.get(session, PriceList, navigation.asked_id())
if "price_list" not in locals():
    navigation.link("price_lists", _("All price lists"), icon=":material/arrow_back:")
    st.stop()

record_header.show(price_list, "price_list")
price_lists_view.facts(price_list)
st.subheader(_("Prices"))
list_prices_view.show(price_list)
with st.container(horizontal=True):
    price_lists_view.copy(price_list)
    price_file_view.show(price_list)
record_form.show()
