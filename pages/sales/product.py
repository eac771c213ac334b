"""One product: what it costs, what it sells, who buys it and with what."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Product
from crm.ui import access, cards, feedback, navigation, record_form, record_header
from crm.ui.format import plain
from crm.ui.insight.rules import product as bought_with
from crm.ui.sales import price_lists_view, product_sales_view

with feedback.told(), db.reading(access.current()) as session:
    product = db.get(session, Product, navigation.asked_id())
if "product" not in locals():
    navigation.link("products", _("All products"), icon=":material/arrow_back:")
    st.stop()

record_header.show(product, "product")
if not product.active:
    st.badge(_("Not active"), icon=":material/block:", color="gray")
with st.grid(4, min_column_width=190):
    st.metric(_("SKU"), plain(product.sku), border=True)
    st.metric(_("Category"), plain(product.category or "–"), border=True)
    cards.amount(_("Price"), product.price)
    st.metric(_("Tax rate"), price_lists_view.tax(product.tax_rate), border=True)
price_lists_view.of_product(product.id)
record_form.show()
sold = st.container()
bought_with.show(product)
with sold:  # last, as it may take long
    product_sales_view.show(product)
