"""The first product to offer, from the newest result of association rules."""

import pandas as pd
import streamlit as st

from crm import db
from crm.analytics.rules.next_product import PRODUCTS
from crm.i18n import _
from crm.models import Analysis
from crm.services import analyses
from crm.ui import access, insight, navigation
from crm.ui.format import day, plain

KIND = "association_rules"


def first() -> pd.Series | None:
    """Name of the product by customer; None where there is no result with any."""
    found = _latest()
    if found is None or not insight.has_table(found, "offers"):
        return None
    return _first(found)


@st.cache_resource(
    max_entries=4, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def _first(found: Analysis) -> pd.Series:
    offers = insight.table(found, "offers").set_index("customer_id")[PRODUCTS[0]]
    names = insight.table(found, "offered").set_index("product_id")["name"]
    return offers.map(names).dropna()


def caption() -> None:
    """Where the products come from, or the way to have some."""
    found = _latest()
    if found is None or not insight.has_table(found, "offers"):
        st.caption(_("Compute association rules to see what to offer each of them."))
    else:
        told = _("The first product to offer is from the association rules of {day}.")
        st.caption(plain(told.format(day=day(found.as_of))))
    navigation.link(KIND, _("Association rules"))


def _latest() -> Analysis | None:
    with db.reading(access.current()) as session:
        return analyses.of_now(session, KIND)
