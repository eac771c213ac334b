"""The demo company: in and out by one click each."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st

from crm import db
from crm.demo import asking, load
from crm.i18n import _
from crm.models import Action, Job, Reason
from crm.services.days import today
from crm.ui import access, feedback
from crm.ui.data import jobs_view

KEYS = "_demo_keys"


def settings() -> None:
    """Its part of the settings page."""
    with db.reading(access.current()) as session:
        loaded = load.is_loaded(session)
    with st.container(border=True):
        st.subheader(_("Demo company"))
        if is_moving():
            return
        if loaded:
            st.caption(
                _("Wiping takes out all of it, and what was added to its customers.")
            )
            st.button(_("Wipe the demo company"), key="demo_wipe", on_click=_wipe)
        else:
            st.caption(
                _("2,000 customers and three years of orders, to try things on.")
            )
            load_button()


def is_moving() -> bool:
    """Whether it is on its way in or out; then its progress is shown."""
    return jobs_view.shown_while_running("demo", "wipe_demo")


def may_load() -> bool:
    """Whether the user may have it loaded."""
    return access.current().may(Action.UPDATE, "setting")


def load_button() -> None:
    """One click loads it."""
    st.button(
        _("Load the demo company"),
        key="demo_load",
        icon=":material/domain_add:",
        on_click=_load,
    )


def _load() -> None:
    _ask(asking.load, "wipe", today=today())


def _wipe() -> None:
    _ask(asking.wipe, "load")


def _ask(ask: Callable[..., Job], other: str, **given: Any) -> None:
    """Ask once, however often the button is clicked, until the other one is asked."""
    keys = st.session_state.setdefault(KEYS, {})
    key = keys.setdefault(ask.__name__, uuid4().hex)
    feedback.run(_("It is under way."), ask, reason=Reason.DEMO, key=key, **given)
    keys.pop(other, None)
