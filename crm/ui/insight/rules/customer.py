"""Next products on the page of one customer."""

import streamlit as st

from crm.analytics.rules.next_product import PRODUCTS
from crm.i18n import _
from crm.models import Analysis
from crm.ui import insight, navigation
from crm.ui.format import plain
from crm.ui.insight.rules import next_words


def show(shown: Analysis, customer_id: int) -> None:
    """What to offer this customer, the best first, as a way to each product."""
    facts = shown.summary.get("next_product")
    if not facts or not facts["customers"]:
        st.caption(plain(next_words.nothing(facts)[0]))
        return
    offers = insight.table(shown, "offers")
    found = offers[offers["customer_id"] == customer_id]
    if found.empty:
        st.caption(_("No orders by then."))
        return
    offered = insight.table(shown, "offered")
    names = offered.set_index("product_id")["name"]
    for product_id in found[PRODUCTS].iloc[0]:
        if product_id in names.index:
            navigation.link("product", names[product_id], id=product_id)
    st.caption(plain(next_words.short(facts)))
