"""The page of the chance to win: what is open by it; how far to trust it."""

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.services.sales.win_chances import KIND
from crm.ui import address, insight
from crm.ui.sales.win_chance import (
    drivers,
    evidence,
    headline,
    how,
    model_card,
    open_deals,
)

VIEWS = {"trust": N_("How far to trust it"), "drivers": N_("What drives it")}


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Win probability"), {}, as_of=as_of)
    st.caption(_("How likely each open opportunity is to be won, from your history."))
    shown = insight.current(KIND)
    headline.show(shown)
    if shown.summary["why_not"] is None:
        open_deals.show(shown)
    if shown.summary["best"]:
        _views(shown)
    insight.made(shown, how.sentences(shown), left_out=False)
    model_card.show(shown)


def _views(shown: Analysis) -> None:
    """Of which only the chosen one is made; without scores there are no drivers."""
    st.divider()
    if shown.summary["why_not"] is not None:
        evidence.show(shown)
        return
    view = address.choice(_("View"), VIEWS, "win_view", is_labelled=False)
    if view == "trust":
        evidence.show(shown)
    else:
        drivers.show(shown)
