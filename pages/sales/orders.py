"""Orders: sales, returns and cancellations."""

import streamlit as st

from crm.i18n import _
from crm.ui import list_view, navigation

st.title(_("Orders"))


def first_step() -> None:
    """What somebody with no orders does next."""
    navigation.link("import", _("Import a file"), icon=":material/upload_file:")


list_view.show(
    list_view.ListSpec(
        entity="sales_order",
        slug="orders",
        detail="order",
        opens="number",
        empty=_("No orders yet."),
        hint=_("Import a file of orders with their lines."),
        start=first_step,
    )
)
