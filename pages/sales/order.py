"""One order with its lines."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import orders
from crm.ui import access, feedback, navigation, order_view, record_header

with feedback.told(), db.reading(access.current()) as session:
    order = orders.order(session, navigation.record_id() or 0)
    products = orders.products_of(session, order.lines)
if "order" not in locals():
    navigation.link("orders", _("All orders"), icon=":material/arrow_back:")
    st.stop()

record_header.show(order, "sales_order")
order_view.facts(order)
order_view.lines(order, products)
order_view.status(order)
