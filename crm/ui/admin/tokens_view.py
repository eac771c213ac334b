"""The parts of the page for API tokens."""

from datetime import timedelta
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import utcnow
from crm.services.admin import tokens
from crm.ui import access, feedback
from crm.ui.feedback import empty
from crm.ui.format import ago, day, plain

SHOWN = "_token"


def made() -> None:
    """The token made by the run before, shown once."""
    if token := st.session_state.pop(SHOWN, None):
        st.info(_("Copy the token now. It is not shown again."), icon=":material/key:")
        st.code(token, language=None)


def table() -> None:
    """The tokens that work."""
    with db.reading(access.current()) as session:
        found = tokens.listed(session)
    if not found:
        empty(_("No tokens yet."), _("Make one below to use the API."), icon="key")
    for token in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{plain(token.name)}**")
                st.caption(plain(f"{token.hint}… · {', '.join(token.scopes)}"))
            st.caption(
                _("until {day}").format(day=day(token.expires_at))
                if token.expires_at
                else ago(token.created_at),
                width="content",
            )
            st.button(
                _("Revoke"),
                key=f"token_{token.id}_revoke",
                on_click=_revoke,
                args=[token.id, token.name],
            )


def new() -> None:
    """The form for one more token."""
    with st.container(border=True):
        st.subheader(_("New token"))
        name = st.text_input(_("What is it for?"), key="token_name")
        scopes = st.multiselect(_("What it may do"), tokens.SCOPES, key="token_scopes")
        st.number_input(_("Days until it ends"), 1, 3650, 365, key="token_days")
        st.button(
            _("Make token"),
            type="primary",
            key="token_make",
            disabled=not (name and scopes),
            on_click=_make,
        )
        st.link_button(_("API documentation"), "/api/docs")


def _make() -> None:
    """Make what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    name, scopes = held["token_name"], list(held["token_scopes"])
    ends = utcnow() + timedelta(days=int(held["token_days"]))
    result: Any = feedback.run(
        _("The token is made."), tokens.create, name, scopes, expires_at=ends
    )
    if result:
        st.session_state[SHOWN] = result[1]
        st.session_state["token_name"] = ""


def _revoke(token_id: int, name: str) -> None:
    done = _("Token “{name}” does not work any more.").format(name=name)
    feedback.run(done, tokens.revoke, token_id, at=utcnow())
