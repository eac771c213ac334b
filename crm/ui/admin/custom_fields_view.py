"""The parts of the page for custom fields."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import CustomField, CustomKind
from crm.services.admin import custom_fields
from crm.services.fields import ENTITIES
from crm.ui import access, feedback
from crm.ui.feedback import empty
from crm.ui.format import plain

KINDS = {
    CustomKind.TEXT: N_("Text"),
    CustomKind.NUMBER: N_("Number"),
    CustomKind.MONEY: N_("Money"),
    CustomKind.DATE: N_("Date"),
    CustomKind.CHOICE: N_("One choice"),
    CustomKind.CHOICES: N_("Several choices"),
    CustomKind.YES_NO: N_("Yes or no"),
    CustomKind.LINK: N_("Link"),
}


def which() -> str:
    """The kind of record whose fields are shown."""
    names = [name for name, entity in ENTITIES.items() if entity.takes_custom]
    chosen = st.segmented_control(
        _("Fields of"),
        names,
        default=names[0],
        format_func=lambda name: _(ENTITIES[name].label),
        key="custom_entity",
        bind="query-params",
    )
    return chosen or names[0]


def table(entity: str) -> None:
    """The fields there are, each with a way to change or delete it."""
    with db.reading(access.current()) as session:
        found = custom_fields.fields(session, entity)
    if not found:
        empty(
            _("No custom fields yet."),
            _("Add the first one below."),
            icon="dynamic_form",
        )
    for position, field in enumerate(found):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xsmall"):
                st.markdown(f"**{plain(field.label)}**")
                st.caption(f"{plain(field.name)} · {plain(_(KINDS[field.kind]))}")
            with st.popover(_("Edit"), icon=":material/edit:"):
                _change_form(field, position)
            st.button(
                "",
                icon=":material/delete:",
                help=_("Delete this field; its values come back with it"),
                type="tertiary",
                key=f"custom_{field.id}_delete",
                on_click=_remove,
                args=[field.id, field.label],
            )


def new(entity: str) -> None:
    """The form for one more field."""
    with st.container(border=True):
        st.subheader(_("New field"))
        label = st.text_input(_("Name"), key="custom_label")
        kind: Any = st.selectbox(
            _("Kind"),
            list(CustomKind),
            format_func=lambda one: _(KINDS[one]),
            key="custom_kind",
        )
        if kind in (CustomKind.CHOICE, CustomKind.CHOICES):
            st.text_area(_("Choices, one a line"), key="custom_choices")
        st.button(
            _("Add field"),
            type="primary",
            key="custom_add",
            disabled=not label,
            on_click=_add,
            args=[entity],
        )


def _change_form(field: CustomField, position: int) -> None:
    key = f"custom_{field.id}"
    st.text_input(_("Name"), field.label, key=f"{key}_label")
    if field.kind in (CustomKind.CHOICE, CustomKind.CHOICES):
        choices = "\n".join(field.choices)
        st.text_area(_("Choices, one a line"), choices, key=f"{key}_choices")
    st.number_input(_("Position"), min_value=1, value=position + 1, key=f"{key}_place")
    st.button(
        _("Save"),
        type="primary",
        key=f"{key}_save",
        on_click=_change,
        args=[field, key],
    )


def _add(entity: str) -> None:
    """Add what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    label, kind = held["custom_label"], held["custom_kind"]
    choices = held.get("custom_choices", "").splitlines()
    done = _("Field “{label}” is added.").format(label=label)
    made: Any = feedback.run(
        done, custom_fields.add, entity, label, kind, choices=choices
    )
    if made:
        st.session_state["custom_label"] = ""


def _change(field: CustomField, key: str) -> None:
    """Save what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    choices = held.get(f"{key}_choices", "\n".join(field.choices)).splitlines()
    feedback.run(
        _("Saved."),
        custom_fields.change,
        field.id,
        label=held[f"{key}_label"],
        choices=choices,
        position=int(held[f"{key}_place"]) - 1,
        version=field.version,
    )


def _remove(field_id: int, label: str) -> None:
    done = _("Field “{label}” is deleted.").format(label=label)
    feedback.run(done, custom_fields.remove, field_id)
