"""The parts of the settings page."""

from uuid import uuid4

import streamlit as st

from crm import db
from crm.demo import load
from crm.i18n import _
from crm.models import Reason
from crm.services import jobs
from crm.ui import access, feedback
from crm.ui.data import jobs_view
from crm.ui.format import today

ASKED = "_demo_asked"


def demo() -> None:
    """Load the demo company, or wipe it, by one click each."""
    with db.reading(access.current()) as session:
        loaded = load.is_loaded(session)
    with st.container(border=True):
        st.subheader(_("Demo company"))
        if jobs_view.shown_while_running("demo", "wipe_demo"):
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
            st.button(_("Load the demo company"), key="demo_load", on_click=_load)


def _load() -> None:
    _ask("demo", _("Load the demo company"), {"today": today().isoformat()})


def _wipe() -> None:
    _ask("wipe_demo", _("Wipe the demo company"), {})


def _ask(kind: str, title: str, arguments: dict[str, str]) -> None:
    """Ask once, however often the button is clicked."""
    key = st.session_state.setdefault(ASKED, {}).setdefault(kind, uuid4().hex)
    feedback.run(
        _("It is under way."),
        jobs.ask,
        kind,
        title,
        arguments,
        key=key,
        reason=Reason.DEMO,
    )
    other = {"demo": "wipe_demo", "wipe_demo": "demo"}[kind]
    st.session_state[ASKED].pop(other, None)
