"""The parts of the page for web forms."""

from typing import Any

import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import LANGUAGES, _, ngettext
from crm.models import Action, WebForm, WebFormFields
from crm.services import records
from crm.services.admin import users
from crm.services.sales import web_forms
from crm.ui import access, feedback
from crm.ui.feedback import empty
from crm.ui.format import number, plain

FIELDS = [name for name in WebFormFields.model_fields if name != "active"]


def table() -> None:
    """The forms, each with its address and what it has brought."""
    with db.reading(access.current()) as session:
        found = web_forms.listed(session)
        people = {one.id: one.name for one in users.listed(session) if one.active}
    if not found:
        empty(
            _("No web forms yet."),
            _("Make one below, and link to it from your site: it brings leads."),
            icon="web",
        )
    for form, count in found:
        with st.container(border=True):
            _one(form, count, people)
    if access.current().may(Action.CREATE, "web_form"):
        with st.expander(_("New web form"), expanded=not found):
            _fields("web_form_new", None, people)


def _one(form: WebForm, count: int, people: dict[int, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(form.name)}**", width="stretch")
        brought = ngettext("{n} lead", "{n} leads", count).format(n=number(count))
        st.caption(brought, width="content")
        if not form.active:
            st.badge(_("Closed"), color="gray")
    st.code(f"{settings().base_url}/form/{form.key}", language=None)
    with st.container(horizontal=True):
        st.link_button(_("Open"), f"/form/{form.key}", disabled=not form.active)
        words = _("Close") if form.active else _("Open again")
        st.button(
            words,
            key=f"web_form_{form.id}_active",
            on_click=_set_active,
            args=[form.id, not form.active, form.version],
        )
    with st.expander(_("Edit")):
        _fields(f"web_form_{form.id}", form, people)


def _fields(key: str, form: WebForm | None, people: dict[int, str]) -> None:
    """What a form asks, says and does; below it, the button that saves."""
    usual = form or WebForm(
        name="", key="", title="", source="", asks=["company", "email", "notes"]
    )
    labels = web_forms.ASKS
    typed: dict[str, Any] = {
        "name": st.text_input(_("Name, for yourselves"), usual.name, key=f"{key}_name"),
        "title": st.text_input(_("Title"), usual.title, key=f"{key}_title"),
        "intro": st.text_area(
            _("Text above the fields"), usual.intro or "", key=f"{key}_intro"
        ),
        "asks": st.multiselect(
            _("Asks for, besides the name"),
            list(labels),
            default=usual.asks,
            format_func=lambda one: _(labels[one]),
            key=f"{key}_asks",
        ),
        "thanks": st.text_area(
            _("Thanks, when it was sent"), usual.thanks or "", key=f"{key}_thanks"
        ),
        "source": st.text_input(
            _("Source of its leads"), usual.source, key=f"{key}_source"
        ),
        "language": st.selectbox(
            _("Language"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(usual.language),
            format_func=LANGUAGES.__getitem__,
            key=f"{key}_language",
        ),
        "owner_id": st.selectbox(
            _("Owner of its leads"),
            [None, *people],
            index=[None, *people].index(usual.owner_id)
            if usual.owner_id in people
            else 0,
            format_func=lambda one: people[one] if one else _("Nobody"),
            key=f"{key}_owner",
        ),
    }
    st.button(
        _("Save") if form else _("Make form"),
        type="primary",
        key=f"{key}_save",
        disabled=not (typed["name"] and typed["title"] and typed["source"]),
        on_click=_save,
        args=[form, key],
    )


def _save(form: WebForm | None, key: str) -> None:
    """Save what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    typed = {name: held[f"{key}_{name.removesuffix('_id')}"] for name in FIELDS}
    if form is None:
        feedback.run(_("The form is made."), _made, typed)
    else:
        at = form.version
        feedback.run(_("Saved."), web_forms.update, form.id, typed, version=at)


def _made(session: Any, typed: dict[str, Any]) -> WebForm:
    return web_forms.create(session, records.valid(WebFormFields, typed))


def _set_active(form_id: int, active: bool, version: int) -> None:
    feedback.run(
        _("Saved."), web_forms.update, form_id, {"active": active}, version=version
    )
