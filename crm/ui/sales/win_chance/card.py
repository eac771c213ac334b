"""The chance to win of one opportunity, for its own page."""

import streamlit as st

from crm import db
from crm.analytics.reasons import reasons
from crm.i18n import _
from crm.models import Action, Analysis, Opportunity, StageKind
from crm.services import analyses
from crm.services.sales.win_chances import KIND
from crm.ui import access, insight, navigation
from crm.ui.format import bold, day, percent, plain
from crm.ui.insight.model_evidence import figures
from crm.ui.sales.win_chance import words


def show(row: Opportunity) -> None:
    """Of what is open: its chance beside the base rate, with three reasons."""
    actor = access.current()
    if row.state is not StageKind.OPEN or not actor.may(Action.READ, "analysis"):
        return
    with db.reading(actor) as session:
        shown = analyses.latest(session, KIND)
    if shown is None and row.win_chance is None:
        return
    with st.container(border=True, gap="xsmall", key="win_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link(KIND, _("Win probability"))
            if shown is not None:
                st.caption(day(shown.as_of), width="content")
        if shown is None:
            _chance(float(row.win_chance or 0))
        elif shown.summary["why_not"] is not None:
            st.markdown(bold(_("No signal in your history")))
            _of_all(shown)
        else:
            _scored(shown, row.id)


def _scored(shown: Analysis, opportunity_id: int) -> None:
    scores = insight.table(shown, "scores")
    found = scores[scores["opportunity_id"] == opportunity_id]
    if found.empty:
        st.caption(_("It was not open yet when this was computed."))
        return
    [row] = found.to_dict("records")
    _chance(float(row["probability"]))
    _of_all(shown)
    for one in reasons(row):
        st.caption(plain(words.reason(one, shown.summary["usual_amount"])))


def _chance(chance: float) -> None:
    told = _("{share} to be won").format(share=percent(chance))
    figures.chance(told, chance)


def _of_all(shown: Analysis) -> None:
    told = _("Of all that is closed: {share}")
    st.caption(plain(told.format(share=figures.rate(shown.summary["base_rate"]))))
