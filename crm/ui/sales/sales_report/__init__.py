"""The page of sales reports: what to count, and the pictures of it."""

import streamlit as st

from crm.i18n import _
from crm.ui import insight
from crm.ui.sales.sales_report import (
    controls,
    funnel_view,
    headline,
    how,
    rates_view,
    reasons_view,
    times_view,
)

KIND = "sales_report"


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Sales reports"), {}, as_of=as_of)
    st.caption(_("Every bar opens the opportunities behind it."))
    shown = insight.current(KIND)
    chosen = controls.chosen(shown)
    headline.show(chosen)
    rates_view.show(chosen)
    funnel_view.show(chosen)
    times_view.show(shown, chosen)
    reasons_view.show(chosen)
    insight.made(shown, how.sentences(), left_out=False)
