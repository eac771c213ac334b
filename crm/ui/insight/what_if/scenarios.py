"""Scenarios under a name: private, of the team, of all. The link shares one too."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Sharing
from crm.services import views
from crm.ui import access
from crm.ui.feedback import perform
from crm.ui.format import label, plain
from crm.ui.insight.what_if.assumptions import ASSUMPTIONS, key


def menu() -> None:
    """A popover with the saved ones and a form for the present one."""
    with st.popover(_("Scenarios"), icon=":material/bookmarks:"):
        with db.reading(access.current()) as session:
            known = views.listed(session, views.SCENARIO)
        for view in known:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    plain(view.name),
                    key=f"what_if_use_{view.id}",
                    type="tertiary",
                    on_click=_use,
                    args=[dict(view.content)],
                    width="stretch",
                )
                st.button(
                    "",
                    key=f"what_if_drop_{view.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    help=_("Delete this scenario"),
                    on_click=_drop,
                    args=[view.id, label(view.name, view.id)],
                )
        if not known:
            st.caption(_("Keep these assumptions under a name, or send the link."))
        _form()


def _form() -> None:
    st.text_input(_("Name of this scenario"), key="what_if_name")
    shared = {
        Sharing.PRIVATE: _("Only me"),
        Sharing.TEAM: _("My team"),
        Sharing.ALL: _("Everyone"),
    }
    st.selectbox(
        _("Who sees it"),
        list(shared),
        format_func=shared.__getitem__,
        key="what_if_sharing",
    )
    st.button(
        _("Save scenario"),
        key="what_if_save",
        icon=":material/bookmark_add:",
        on_click=_save,
    )


def _save() -> None:
    state = st.session_state
    content: dict[str, Any] = {
        name: [float(one) for one in state[key(name)]]
        for name in ASSUMPTIONS
        if key(name) in state
    }
    name, sharing = state["what_if_name"], state["what_if_sharing"]
    done = _("Scenario “{name}” is saved.").format(name=name)
    if perform(done, views.save, views.SCENARIO, name, content, sharing=sharing):
        state["what_if_name"] = ""


def _use(content: dict[str, list[float]]) -> None:
    for name in ASSUMPTIONS:
        if name in content:
            low, high = content[name]
            st.session_state[key(name)] = (low, high)


def _drop(view_id: int, name: str) -> None:
    perform(_("Scenario {name} is deleted.").format(name=name), views.remove, view_id)
