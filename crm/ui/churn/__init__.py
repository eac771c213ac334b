"""The page of churn: what to compute; who will not order again; how far to trust it."""

import streamlit as st

from crm.analytics.churn import HORIZONS
from crm.i18n import _
from crm.ui import insight
from crm.ui.churn import evidence, headline, how, leavers, overdue

KIND = "churn"
USUAL = (30, 60, 90, 180)  # days
OTHER = 0


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        horizon = _horizon()
        insight.compute(KIND, _("Churn"), {"horizon": horizon}, as_of=as_of)
    st.caption(
        _("A customer counts as leaving when no order follows within the horizon.")
    )
    shown = insight.current(KIND)
    if shown.summary["method"] == "rule":
        headline.by_rule(shown)
        overdue.show(shown)
    else:
        model = headline.by_model(shown)
        leavers.show(shown, model)
        evidence.show(shown, model)
    insight.made(shown, how.sentences(shown))


def _horizon() -> int:
    """The days to look ahead: one of the usual numbers, or any other."""
    words = {days: str(days) for days in USUAL} | {OTHER: _("Other")}
    chosen = st.segmented_control(
        _("Horizon, in days"),
        list(words),
        default=90,
        required=True,
        format_func=words.__getitem__,
        key="churn_horizon",
        persist_state="session",
    )
    if chosen:
        return int(chosen)
    shortest, longest = HORIZONS
    own = st.number_input(
        _("Number of days"),
        min_value=shortest,
        max_value=longest,
        value=120,
        key="churn_days",
        persist_state="session",
        width=120,
    )
    return int(own or 120)
