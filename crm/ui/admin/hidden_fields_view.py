"""Hidden fields, on the page for users and teams: which fields no role may see."""

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Role
from crm.models.rights import ROLE_LABELS
from crm.services.admin import hidden_fields
from crm.services.fields import ENTITIES
from crm.ui import access, feedback


def show() -> None:
    """For one role at a time: what is hidden, by kind of record."""
    st.caption(
        _("A hidden field is empty for everyone of the role, on every way: pages, "
          "lists, filters, files, history and the API; and nobody of the role can "
          "set it. Fields that every record needs cannot be hidden.")
    )  # fmt: skip
    role = st.selectbox(
        _("Role"),
        list(hidden_fields.ROLES),
        format_func=lambda one: _(ROLE_LABELS[one]),
        key="hidden_role",
    )
    with db.reading(access.current()) as session:
        held = hidden_fields.listed(session)
        known = {
            entity: {
                name: _(field.label)
                for name, field in hidden_fields.maskable(session, entity).items()
            }
            for entity in ENTITIES
        }
    for entity, labels in known.items():
        if labels:
            _kind(role, entity, labels, held.get((role, entity), []))
    st.button(
        _("Save"), type="primary", key="hidden_save", on_click=_save, args=[list(known)]
    )


def _kind(role: Role, entity: str, labels: dict[str, str], names: list[str]) -> None:
    st.multiselect(
        _(ENTITIES[entity].label),
        list(labels),
        default=[name for name in names if name in labels],
        format_func=labels.__getitem__,
        key=_key(role, entity),
        placeholder=_("Nothing is hidden"),
    )


def _save(entities: list[str]) -> None:
    role: Role = st.session_state["hidden_role"]
    chosen = {
        entity: list(st.session_state[_key(role, entity)])
        for entity in entities
        if _key(role, entity) in st.session_state
    }
    feedback.run(_("Saved."), _store, role, chosen)


def _store(session: Session, role: Role, chosen: dict[str, list[str]]) -> None:
    for entity, names in chosen.items():
        hidden_fields.save(session, role, entity, names)


def _key(role: Role, entity: str) -> str:
    return f"hidden_{role}_{entity}"
