"""“Add to campaign” wherever customers are listed: one that is there, or a new one."""

from collections.abc import Callable, Collection
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, CampaignFields, Reason
from crm.services import records
from crm.services.marketing import campaigns, recipients
from crm.services.marketing.recipients import Added, NewCampaign
from crm.ui import access, feedback
from crm.ui.format import label, percent, plain
from crm.ui.marketing import words

NEW = 0  # stands for a campaign to be planned
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
USUAL = 0.1

Who = Callable[[Session], Collection[int]]


def popover(key: str, who: Who) -> None:
    """The button, where the user may add recipients; `who` gives the customers' ids."""
    actor = access.current()
    if not actor.may(Action.CREATE, "recipient"):
        return
    with st.popover(_("Add to campaign"), icon=":material/campaign:"):
        with db.reading(actor) as session:
            found = campaigns.open_to_more(session)
        names = {one.id: label(one.name, one.id) for one in found}
        if actor.may(Action.CREATE, "campaign"):
            names[NEW] = _("A new campaign")
        if not names:
            st.caption(_("No campaign is planned or running."))
            return
        chosen = st.selectbox(
            _("Campaign"),
            list(names),
            format_func=names.__getitem__,
            key=f"{key}_campaign",
        )
        if chosen == NEW:
            _new(key)
        st.caption(_("Whoever is in it already stays as it is."))
        st.button(
            _("Add"),
            type="primary",
            key=f"{key}_campaign_add",
            on_click=_add,
            args=[key, who],
        )


def share(key: str, *, usual: float = USUAL) -> None:
    """A choice of the share to hold out."""
    st.select_slider(
        _("Share held out"),
        SHARES,
        usual,
        format_func=percent,
        key=key,
        help=plain(
            _(
                "So many of those who are added are left out by lot. What they buy "
                "tells what would have happened without the campaign."
            )
        ),
    )


def _new(key: str) -> None:
    st.session_state.setdefault(f"{key}_campaign_once", uuid4().hex)
    st.text_input(_("Name of the new campaign"), key=f"{key}_campaign_name")
    share(f"{key}_campaign_share")


def _add(key: str, who: Who) -> None:
    """Add by what the boxes hold now, once however often the button is clicked."""
    state = st.session_state
    chosen: int = state[f"{key}_campaign"]
    once = state.get(f"{key}_campaign_once", "")
    name = state.get(f"{key}_campaign_name") or ""
    if chosen == NEW and (not once or f"{key}_campaign_name" not in state):
        return
    typed = {"name": name, "hold_out": state.get(f"{key}_campaign_share", USUAL)}
    made: Added | None = feedback.run(
        words.added, _put, chosen, typed, once, who, reason=Reason.BULK
    )
    if made and chosen == NEW:
        state.pop(f"{key}_campaign_once", None)
        state[f"{key}_campaign_name"] = ""
        state[f"{key}_campaign"] = made.campaign_id


def _put(
    session: Session, chosen: int, typed: dict[str, object], once: str, who: Who
) -> Added:
    ids = who(session)
    if chosen != NEW:
        return recipients.add(session, chosen, ids)
    form = records.valid(CampaignFields, typed)
    return recipients.add_to_new(session, NewCampaign(form, once), ids)
