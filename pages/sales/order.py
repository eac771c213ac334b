"""One order: its lines, what is invoiced of them, and what can be done about it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import naming
from crm.services.documents import invoices, orders
from crm.services.prices.products import products_of
from crm.ui import access, feedback, navigation, record_header
from crm.ui.sales import order_view

with feedback.told(), db.reading(access.current()) as session:
    order = orders.order(session, navigation.asked_id())
    products = products_of(session, order.lines)
    left = invoices.left_of(session, order)
    found = invoices.of_order(session, order.id)
    quote = naming.names(session, "quote", [order.quote_id or 0])
if "quote" not in locals():
    navigation.link("orders", _("All orders"), icon=":material/arrow_back:")
    st.stop()

record_header.show(order, "sales_order")
order_view.facts(order, quote.get(order.quote_id or 0))
order_view.actions(order, products, left, found)
order_view.lines(order, products, left)
order_view.documents(found)
