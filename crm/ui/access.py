"""Who looks at this page: asked of the database at the start of every run."""

from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crm.i18n import _, best, otherwise, use
from crm.models import Actor
from crm.services.admin import sign_in

KEY = "_actor"


def enter() -> Actor:
    """The signed-in actor, whose language is spoken from here on.

    Where the session has ended, says so and stops the run.
    """
    session_id: Any = st.user.get("sid")
    actor = sign_in.alive(int(session_id)) if str(session_id).isdecimal() else None
    use(_language(actor))
    if actor is None:
        _ended()
    st.session_state[KEY] = actor
    return actor


def current() -> Actor:
    """Who acts in this run; pages ask here."""
    actor: Actor | None = st.session_state.get(KEY)
    if actor is None:  # a page that runs without its frame shows nothing
        _ended()
    return actor


def _language(actor: Actor | None) -> str:
    return (actor.language if actor else "") or best(st.context.locale)


def _spoken() -> str:
    """The language of callbacks, dialogs and fragments: they run without `enter`, in
    a thread that has not been told any."""
    if get_script_run_ctx(suppress_warning=True) is None:  # no run of a page
        return ""
    return _language(st.session_state.get(KEY))


otherwise(_spoken)


def _ended() -> NoReturn:
    st.session_state.clear()
    st.title(_("Your session has ended"))
    st.write(_("Sign in again to go on. What you had saved is safe."))
    st.link_button(_("Sign in"), "/account/login", type="primary")
    st.stop()
