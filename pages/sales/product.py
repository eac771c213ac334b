"""One product."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Product
from crm.ui import access, cards, feedback, navigation, record_form, record_header
from crm.ui.format import plain
from crm.ui.sales import price_lists_view

with feedback.told(), db.reading(access.current()) as session:
    product = db.get(session, Product, navigation.asked_id())
if "product" not in locals():
    navigation.link("products", _("All products"), icon=":material/arrow_back:")
    st.stop()

record_header.show(product, "product")
with st.grid(5, min_column_width=190):
    st.metric(_("SKU"), plain(product.sku), border=True)
    st.metric(_("Category"), plain(product.category or "–"), border=True)
    cards.amount(_("Price"), product.price)
    st.metric(_("Tax rate"), price_lists_view.tax(product.tax_rate), border=True)
    st.metric(_("Active"), _("Yes") if product.active else _("No"), border=True)
price_lists_view.of_product(product.id)
record_form.show()
