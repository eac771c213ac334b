"""The page of cohorts: what to look at; who comes back; do two cohorts differ."""

import streamlit as st

from crm.analytics.cohorts.cohorts import retention
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.ui import insight
from crm.ui.format import plain
from crm.ui.insight.cohorts import (
    behind,
    comparison,
    controls,
    curves,
    headline,
    heat,
    how,
)
from crm.ui.insight.cohorts.view import View

KIND = "cohorts"


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Cohorts"), {}, as_of=as_of)
    st.caption(
        _("A cohort is the customers whose first order fell into the same period.")
    )
    shown = insight.current(KIND)
    question = controls.question(shown)
    try:
        found = retention(insight.table(shown, "cells"), question)
    except NotEnoughData as error:
        st.info(plain(error), icon=":material/info:")
    else:
        view = View(shown, found, insight.table(shown, "groups"))
        headline.show(view)
        periods = controls.periods(view)
        behind.show(view, heat.show(view, periods))
        curves.show(view, periods)
        comparison.show(view, periods)
    insight.made(shown, how.sentences(shown))
