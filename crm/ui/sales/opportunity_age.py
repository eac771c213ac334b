"""Whether an opportunity stays in its stage for unusually long, in words."""

import streamlit as st

from crm import db
from crm.i18n import ngettext
from crm.models import Actor, Opportunity, StageKind, utcnow
from crm.services.sales import stage_ages
from crm.services.sales.stage_ages import Days
from crm.ui import access
from crm.ui.format import number, plain


@st.cache_data(ttl=600, max_entries=50, hash_funcs={Actor: str}, show_spinner=False)
def usual_days(actor: Actor, pipeline_id: int) -> Days:
    """See `stage_ages`; of what the actor sees, and up to ten minutes old."""
    with db.reading(actor) as session:
        return stage_ages.usual_days(session, pipeline_id, before=utcnow())


def late_note(row: Opportunity) -> None:
    """On the page of an opportunity: that it stays unusually long in its stage."""
    days = (utcnow() - row.stage_since).days
    usual = usual_days(access.current(), row.pipeline_id).get(row.stage_id)
    if row.state is StageKind.OPEN and (words := late_words(days, usual)):
        st.warning(plain(words), icon=":material/timer:")


def late_words(days: int, usual: float | None) -> str:
    """That an opportunity is longer in its stage than most that were won; or “”."""
    if usual is None or days <= usual:
        return ""
    words = ngettext(
        "Longer in this stage than 90 % of those that were won ({days} day)",
        "Longer in this stage than 90 % of those that were won ({days} days)",
        round(usual),
    )
    return words.format(days=number(round(usual)))
