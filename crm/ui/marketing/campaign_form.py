"""A short form for one more campaign: above the list, and in the sidebar."""

from typing import Any
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm.i18n import _
from crm.models import Action, Campaign, CampaignFields
from crm.services import records
from crm.services.marketing import campaigns
from crm.services.marketing.campaign_fields import CAMPAIGN_KINDS
from crm.ui import access, day_input, feedback, inputs, navigation
from crm.ui.marketing import add_to_campaign

HERE, QUICK = "new_campaign", "quick_campaign"
NAMES = ("name", "kind", "starts_on", "ends_on", "hold_out")


def new() -> None:
    """The button and its form, where the user may plan campaigns."""
    if access.current().may(Action.CREATE, "campaign"):
        with st.popover(_("New campaign"), icon=":material/add:"):
            _fields(HERE)


def quick_button() -> None:
    """The button in the sidebar."""
    if access.current().may(Action.CREATE, "campaign"):
        st.button(
            _("New campaign"),
            icon=":material/add:",
            type="tertiary",
            key=QUICK,
            on_click=_open,
        )


def quick_form() -> None:
    """Draw the dialog while it is open."""
    if st.session_state.get(f"{QUICK}_open"):
        _dialog()


def _dialog() -> None:
    @st.dialog(_("New campaign"), on_dismiss=_close, position="right")
    def form() -> None:
        _fields(QUICK)
        feedback.say()

    form()


def _fields(form: str) -> None:
    st.session_state.setdefault(f"{form}_once", uuid4().hex)
    st.text_input(_("Name"), key=f"{form}_name")
    st.selectbox(
        _("Kind"),
        list(CAMPAIGN_KINDS),
        format_func=lambda kind: _(CAMPAIGN_KINDS[kind]),
        key=f"{form}_kind",
    )
    with st.container(horizontal=True):
        day_input.date_input(_("Starts on"), value=None, key=f"{form}_starts_on")
        day_input.date_input(_("Ends on"), value=None, key=f"{form}_ends_on")
    inputs.amount(_("Cost"), None, key=f"{form}_cost")
    add_to_campaign.share(f"{form}_hold_out")
    st.button(
        _("Add"), type="primary", key=f"{form}_save", on_click=_create, args=[form]
    )


def _create(form: str) -> None:
    """Add what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    if f"{form}_once" not in held:  # a second click: the first has made it
        return
    typed: dict[str, Any] = {name: held[f"{form}_{name}"] for name in NAMES}
    made: Campaign | None = None
    done = _("“{name}” is added.").format(name=typed["name"])
    with feedback.caught():
        typed["cost"] = inputs.held(f"{form}_cost")
        made = feedback.run(done, _add, typed)
    if made:
        held[f"{form}_name"] = held[f"{form}_cost"] = ""
        del held[f"{form}_once"]
        _close()
        navigation.go("campaign", id=made.id)


def _add(session: Session, typed: dict[str, Any]) -> Campaign:
    return campaigns.create(session, records.valid(CampaignFields, typed))


def _open() -> None:
    st.session_state[f"{QUICK}_open"] = True


def _close() -> None:
    st.session_state.pop(f"{QUICK}_open", None)
