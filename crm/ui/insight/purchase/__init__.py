"""The page of next purchases: what to compute; who buys and how much; how sure."""

import streamlit as st

from crm.i18n import _
from crm.ui import insight
from crm.ui.insight.purchase import evidence, headline, how, leaders

KIND = "purchase"
HORIZONS = (14, 30, 60, 90, 180)  # days
USUAL = 30


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        asked = {"horizon": _horizon()}
        insight.compute(KIND, _("Next purchases"), asked, as_of=as_of)
    st.caption(
        _(
            "Who of those who have bought before will buy within the horizon, and how "
            "much they will bring."
        )
    )
    shown = insight.current(KIND)
    model = headline.show(shown)
    leaders.show(shown, model)
    evidence.show(shown, model)
    insight.made(shown, how.sentences(shown))


def _horizon() -> int:
    chosen = st.segmented_control(
        _("Horizon, in days"),
        list(HORIZONS),
        default=USUAL,
        required=True,
        key="purchase_horizon",
        persist_state="session",
    )
    return int(chosen or USUAL)
