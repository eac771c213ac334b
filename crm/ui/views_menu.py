"""Saved views: pick one, keep the present one."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import SavedView, Sharing
from crm.services import views
from crm.ui import access, filter_builder
from crm.ui.feedback import perform
from crm.ui.format import label, plain


def show(entity: str, slug: str) -> None:
    """A popover with the views of a list."""
    with st.popover(_("Views"), icon=":material/bookmarks:"):
        with db.reading(access.current()) as session:
            known = views.listed(session, entity)
        for view in known:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    plain(view.name),
                    key=f"{slug}_view_{view.id}",
                    icon=_icon(view),
                    type="tertiary",
                    on_click=_use,
                    args=[slug, dict(view.content)],
                    width="stretch",
                )
                st.button(
                    "",
                    key=f"{slug}_unview_{view.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    help=_("Delete this view"),
                    on_click=_delete,
                    args=[view.id, label(view.name, view.id)],
                )
        if not known:
            st.caption(_("Keep a filter, columns and sort under a name."))
        _form(entity, slug)


def _form(entity: str, slug: str) -> None:
    st.text_input(_("Name of this view"), key=f"{slug}_view_name")
    st.selectbox(
        _("Who sees it"),
        list(Sharing),
        format_func={
            Sharing.PRIVATE: _("Only me"),
            Sharing.TEAM: _("My team"),
            Sharing.ALL: _("Everyone"),
        }.__getitem__,
        key=f"{slug}_view_sharing",
    )
    st.button(
        _("Save view"),
        key=f"{slug}_view_save",
        icon=":material/bookmark_add:",
        on_click=_save,
        args=[entity, slug],
    )


def _save(entity: str, slug: str) -> None:
    state = st.session_state
    content: dict[str, Any] = {
        "search": state.get(f"{slug}_q", ""),
        "rule": filter_builder.read(slug),
        "sort": state.get(f"{slug}_s", ""),
        "columns": list(state.get(f"{slug}_c", [])),
    }
    name, sharing = state[f"{slug}_view_name"], state[f"{slug}_view_sharing"]
    done = _("View “{name}” is saved.").format(name=name)
    if perform(done, views.save, entity, name, content, sharing=sharing):
        state[f"{slug}_view_name"] = ""


def _use(slug: str, content: dict[str, Any]) -> None:
    filter_builder.use(slug, content.get("rule"))
    st.session_state[f"{slug}_q"] = content.get("search") or ""
    st.session_state[f"{slug}_p"] = 1
    if content.get("sort"):
        st.session_state[f"{slug}_s"] = content["sort"]
    if content.get("columns"):
        st.session_state[f"{slug}_c"] = content["columns"]


def _delete(view_id: int, name: str) -> None:
    perform(_("View {name} is deleted.").format(name=name), views.remove, view_id)


def _icon(view: SavedView) -> str:
    icons = {Sharing.PRIVATE: "lock", Sharing.TEAM: "group", Sharing.ALL: "public"}
    return f":material/{icons[view.sharing]}:"
