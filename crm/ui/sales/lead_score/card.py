"""The score of one lead, for its own page."""

import streamlit as st

from crm import db
from crm.analytics.deals.lead_rows import ENDED
from crm.analytics.reasons import reasons
from crm.i18n import _
from crm.models import Action, Analysis, Lead
from crm.services import analyses
from crm.services.sales.lead_scores import KIND
from crm.ui import access, insight, navigation
from crm.ui.format import bold, day, percent, plain
from crm.ui.insight.model_evidence import figures
from crm.ui.sales.lead_score import words


def show(lead: Lead) -> None:
    """Of an open lead: its score beside the base rate, with three reasons."""
    actor = access.current()
    if lead.status.value in ENDED or not actor.may(Action.READ, "analysis"):
        return
    with db.reading(actor) as session:
        shown = analyses.latest(session, KIND)
    if shown is None and lead.score is None:
        return
    with st.container(border=True, gap="xsmall", key="lead_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link("leads", _("Score"), leads_how="true")
            if shown is not None:
                st.caption(day(shown.as_of), width="content")
        if shown is None:
            _chance(float(lead.score or 0))
        elif shown.summary["why_not"] is not None:
            st.markdown(bold(_("No signal in your history")))
            _of_all(shown)
        else:
            _scored(shown, lead.id)


def _scored(shown: Analysis, lead_id: int) -> None:
    scores = insight.table(shown, "scores")
    found = scores[scores["lead_id"] == lead_id]
    if found.empty:
        st.caption(_("It had not come in when this was computed."))
        _of_all(shown)
        return
    [row] = found.to_dict("records")
    _chance(float(row["probability"]))
    _of_all(shown)
    for one in reasons(row):
        st.caption(plain(words.reason(one)))


def _chance(chance: float) -> None:
    told = _("{share} to be converted").format(share=percent(chance))
    figures.chance(told, chance)


def _of_all(shown: Analysis) -> None:
    told = _("Of all that have ended: {share}")
    st.caption(plain(told.format(share=figures.rate(shown.summary["base_rate"]))))
