"""How leads are scored, as a panel of their page: the judgement, the drivers."""

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Action, Analysis
from crm.services import analyses, analysis_kinds
from crm.services.sales.lead_scores import KIND
from crm.ui import access, address, feedback, insight
from crm.ui.data import jobs_view
from crm.ui.format import plain, today
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
        _compute()


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


def _compute() -> None:
    """A button that has it computed anew, and the progress while it is."""
    actor = access.current()
    with db.reading(actor) as session:
        under_way = analyses.under_way(session, KIND)
    if under_way is not None:
        with st.container(width=insight.LINE):
            jobs_view.follow(under_way.id, done=lambda _job: None)
    elif actor.may(Action.CREATE, "analysis"):
        st.button(
            _("Compute"),
            icon=":material/play_arrow:",
            key="leads_compute",
            on_click=_ask,
        )


def _ask() -> None:
    with feedback.caught(), db.transaction(access.current()) as session:
        analysis_kinds.ask(session, KIND, {}, as_of=today())


ABOUT = N_(
    "The score is the chance that a lead is converted, learned from your own leads "
    "that have ended. It is computed once a day."
)
