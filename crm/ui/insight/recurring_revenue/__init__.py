"""The page of recurring revenue: what it is, what moved it, how long it lasts."""

import streamlit as st

from crm.i18n import _
from crm.ui import insight
from crm.ui.insight import survival
from crm.ui.insight.recurring_revenue import headline, how, movements

KIND = "recurring_revenue"


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Recurring revenue"), {}, as_of=as_of)
    st.caption(_("What subscriptions bring by the month (MRR), and what moves it."))
    shown = insight.current(KIND)
    headline.show(shown)
    movements.show(shown)
    survival.show(shown)
    insight.made(shown, how.sentences(shown), left_out=False)
