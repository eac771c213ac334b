"""Edit one record in a drawer: own and custom fields, and what to do in a conflict.

The form remembers the version it was opened with. If somebody else has saved in
the meantime, it shows what is there now beside what was typed, and nothing is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from crm import db
from crm.errors import CRMError, Stale
from crm.i18n import _
from crm.models import Binned, Contact, Customer, Product
from crm.services import contacts, custom_fields, customers, orders
from crm.services.fields import Field, Kind, fields_of
from crm.ui import access, feedback, filter_builder, inputs
from crm.ui.format import plain

STATE = "_form"

TABLES: dict[str, type[Binned]] = {
    "customer": Customer,
    "contact": Contact,
    "product": Product,
}
UPDATES: dict[str, Callable[..., Any]] = {
    "customer": customers.update,
    "contact": contacts.update,
    "product": orders.update_product,
}


@dataclass
class Form:
    """An open form: which record, as it was when opened, and what conflicts."""

    entity: str
    record_id: int
    version: int
    values: dict[str, Any]
    conflicts: dict[str, Any]
    opened: int = 0


def button(entity: str, record_id: int) -> None:
    """The button that opens the form."""
    st.button(
        _("Edit"),
        icon=":material/edit:",
        key=f"edit_{entity}",
        on_click=_open,
        args=[entity, record_id],
    )


def show() -> None:
    """Draw the form while one is open."""
    form: Form | None = st.session_state.get(STATE)
    if form is None:
        return

    @st.dialog(_("Edit"), position="right", on_dismiss=_close)
    def drawer() -> None:
        _draw(form)

    drawer()


def _draw(form: Form) -> None:
    with db.reading(access.current()) as session:
        fields = _fields(session, form.entity)
        known = {
            name: filter_builder.choices(session, field)
            for name, field in fields.items()
        }
    if form.conflicts:
        _conflict(form, fields)
    for name, field in fields.items():
        inputs.field(field, form.values.get(name), known[name], key=_key(form, name))
    st.button(
        _("Save"),
        type="primary",
        key="form_save",
        on_click=_save,
        args=[form, list(fields)],
    )


def _conflict(form: Form, fields: dict[str, Field]) -> None:
    """What somebody else has saved since, beside what was typed."""
    st.warning(
        _(
            "Somebody has changed this record since you opened it. Below is what you "
            "typed; saving again keeps it."
        ),
        icon=":material/difference:",
    )
    for name, theirs in form.conflicts.items():
        st.caption(
            plain(
                _("{field} is now “{value}”.").format(
                    field=_(fields[name].label), value=theirs if theirs else "–"
                )
            )
        )
        st.button(
            _("Take this"),
            key=f"form_take_{name}",
            type="tertiary",
            on_click=_take,
            args=[form, name, theirs],
        )


def _open(entity: str, record_id: int) -> None:
    with feedback.told(), db.reading(access.current()) as session:
        version, values = _held(session, entity, record_id)
        opened = st.session_state.get("_form_opened", 0) + 1
        st.session_state["_form_opened"] = opened
        st.session_state[STATE] = Form(entity, record_id, version, values, {}, opened)


def _held(session: Any, entity: str, record_id: int) -> tuple[int, dict[str, Any]]:
    """The version and the values of a record, as they are now."""
    row = db.get(session, TABLES[entity], record_id)
    custom = custom_fields.values(session, entity, record_id)
    names = _fields(session, entity)
    return row.version, {
        name: custom.get(name) if field.custom_id else getattr(row, name)
        for name, field in names.items()
    }


def _fields(session: Any, entity: str) -> dict[str, Field]:
    return {
        name: field
        for name, field in fields_of(session, entity).items()
        if field.editable and field.kind is not Kind.CUSTOMER
    }


def _save(form: Form, names: list[str]) -> None:
    state = st.session_state
    typed = {name: state.get(_key(form, name)) for name in names}
    changes = {
        name: _trimmed(value)
        for name, value in typed.items()
        if _trimmed(value) != _trimmed(form.values.get(name))
    }
    if not changes:
        _close()
        return
    try:
        _write(form, changes)
    except Stale:
        _reload(form, changes)
    except CRMError as error:
        feedback.flash(str(error), kind="error")
    else:
        _close()


def _write(form: Form, changes: dict[str, Any]) -> None:
    actor = access.current()
    with db.transaction(actor) as session:
        custom = {
            name
            for name, field in _fields(session, form.entity).items()
            if field.custom_id is not None
        }
        UPDATES[form.entity](
            session,
            form.record_id,
            {name: v for name, v in changes.items() if name not in custom},
            version=form.version,
            custom={name: v for name, v in changes.items() if name in custom},
        )
    feedback.saved(_("Saved."), session)


def _reload(form: Form, changes: dict[str, Any]) -> None:
    """Keep what was typed, and note what differs from what is there now."""
    with db.reading(access.current()) as session:
        form.version, now = _held(session, form.entity, form.record_id)
    form.conflicts = {
        name: now[name]
        for name in changes
        if _trimmed(now[name]) != _trimmed(form.values.get(name))
    }
    form.values = now


def _take(form: Form, name: str, theirs: Any) -> None:
    st.session_state[_key(form, name)] = theirs
    form.conflicts.pop(name, None)


def _close() -> None:
    st.session_state.pop(STATE, None)


def _key(form: Form, name: str) -> str:
    return f"form_{form.opened}_{name}"


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value or None if isinstance(value, list) else value
