"""The head of a campaign's page: what it is, and how far it has come."""

from datetime import date

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Campaign
from crm.services.marketing import recipient_lists
from crm.services.marketing.campaign_fields import CAMPAIGN_KINDS
from crm.services.marketing.recipient_lists import Figures, State
from crm.ui import access
from crm.ui.format import day, money, number, percent
from crm.ui.marketing import recipients_view, words


def facts(campaign: Campaign) -> None:
    """Status, kind, days, money."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words.badge(campaign.status)
        st.caption(_(CAMPAIGN_KINDS[campaign.kind.value]), width="content")
        if span := _span(campaign.starts_on, campaign.ends_on):
            st.caption(span, width="content")
    with st.grid(4, min_column_width=150):
        for label, value in (
            (_("Budget"), money(campaign.budget)),
            (_("Cost"), money(campaign.cost)),
            (_("Share held out"), percent(campaign.hold_out)),
            (_("External ID"), campaign.external_id or "–"),
        ):
            with st.container(border=True, gap=None):
                st.caption(label)
                st.text(value)
    if campaign.description:
        st.text(campaign.description)


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return f"{day(first)} – {day(last)}"
    if first:
        return _("starts on {day}").format(day=day(first))
    return _("ends on {day}").format(day=day(last)) if last else ""


def figures(campaign_id: int) -> Figures:
    """How many recipients there are; each figure opens its customers below."""
    with db.reading(access.current()) as session:
        found = recipient_lists.figures(session, campaign_id)
    with st.grid(4, min_column_width=150):
        for state, label, value, told in (
            (None, _("Recipients"), found.recipients, ""),
            (State.HELD_OUT, _("Held out"), found.held_out, ""),
            (State.REACHED, _("Already reached"), found.reached, ""),
            (
                State.RESPONDED,
                _("Responded"),
                found.responded,
                percent(found.response_share, places=1) if found.reached else "",
            ),
        ):
            _figure(state, label, value, told)
    return found


def _figure(state: State | None, label: str, value: int, told: str) -> None:
    with st.container(border=True, gap=None, height="stretch"):
        st.metric(label, number(value), delta=told or None, delta_color="off",
                  delta_arrow="off")  # fmt: skip
        name = state.value if state else ""
        st.button(
            _("Show"),
            type="tertiary",
            key=f"figure_{name or 'all'}",
            icon=":material/groups:",
            on_click=recipients_view.show_state,
            args=[name],
        )
