"""One subscription: its term, its prices, and what can be done about them."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import list_values
from crm.services.fields import Kind
from crm.services.subscriptions import subscriptions
from crm.ui import access, feedback, navigation, record_form, record_header
from crm.ui.sales import subscription_actions, subscription_view

with feedback.told(), db.reading(access.current()) as session:
    subscription = subscriptions.subscription(session, navigation.asked_id())
    product = list_values.names(session, Kind.PRODUCT, [subscription.product_id or 0])
if "product" not in locals():
    navigation.link(
        "subscriptions", _("All subscriptions"), icon=":material/arrow_back:"
    )
    st.stop()

record_header.show(subscription, "subscription")
subscription_view.facts(subscription, product.get(subscription.product_id or 0))
subscription_actions.show(subscription)
subscription_view.prices(subscription)
record_form.show()
