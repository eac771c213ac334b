"""The page of the forecast: what will come, and how far to trust it."""

import streamlit as st

from crm.i18n import _
from crm.ui import insight
from crm.ui.insight.forecast import chart, controls, groups, headline, how, quality
from crm.ui.insight.forecast.series import KIND


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Forecast"), {}, as_of=as_of)
    shown = insight.current(KIND)
    chosen = controls.show(shown)
    if chosen is None:
        return
    headline.show(chosen)
    chart.show(chosen)
    groups.show(chosen)
    quality.show(chosen)
    insight.made(shown, how.sentences(chosen), left_out=False)
