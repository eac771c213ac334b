"""How leads are scored, as a panel of their page: the judgement, the drivers."""

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Action, Analysis
from crm.services import analyses
from crm.services.sales.lead_scores import KIND
from crm.ui import access, address, insight
from crm.ui.format import plain
from crm.ui.sales.lead_score import drivers, headline, how, trust

VIEWS = {"trust": N_("How far to trust it"), "drivers": N_("What drives it")}


def panel() -> None:
    """Closed at first; what is in it is made only once it is open."""
    if not access.current().may(Action.READ, "analysis"):
        return
    made = st.expander(
        _("How leads are scored"),
        icon=":material/query_stats:",
        key="leads_how",
        on_change="rerun",
        bind="query-params",
    )
    if made.open:
        with made:
            _content()


def _content() -> None:
    st.caption(_(ABOUT))
    with db.reading(access.current()) as session:
        shown = analyses.latest(session, KIND)
    if shown is not None:
        _result(shown)
    else:
        st.info(_("Nothing has been computed yet."), icon=":material/query_stats:")
    with st.container(horizontal=True):
        if shown is not None:
            _how(shown)
        insight.compute_again(KIND, key="leads_compute")


def _result(shown: Analysis) -> None:
    headline.show(shown)
    if shown.summary["judged"]:
        view = "trust"
        if shown.summary["why_not"] is None:
            view = address.choice(_("View"), VIEWS, "leads_view", is_labelled=False)
        if view == "trust":
            trust.show(shown)
        else:
            drivers.show(shown)


def _how(shown: Analysis) -> None:
    with st.popover(_("How this was made"), icon=":material/science:"):
        insight.stamp(shown)
        for sentence in how.sentences(shown):
            st.markdown("- " + plain(sentence))


ABOUT = N_(
    "The score is the chance that a lead is converted, learned from your own leads "
    "that have ended. It is computed once a day."
)
