"""Edit one record in a drawer: own and custom fields, and what to do in a conflict.

The form remembers the version it was opened with. If somebody else has saved in
the meantime, it shows what is there now beside what was typed, and nothing is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from crm import db
from crm.errors import CRMError, Stale
from crm.i18n import _
from crm.models import (
    Binned,
    Campaign,
    Contact,
    Customer,
    Lead,
    Opportunity,
    PriceList,
    Product,
    Subscription,
    Ticket,
)
from crm.services import changes
from crm.services.admin import custom_fields
from crm.services.customers import contacts, customers
from crm.services.fields import Field, Kind, fields_of
from crm.services.marketing import campaigns
from crm.services.prices import price_lists, products
from crm.services.sales import leads, opportunities, opportunity_lines
from crm.services.subscriptions import subscriptions
from crm.services.support import tickets
from crm.ui import access, conflict_view, feedback, filter_builder, inputs
from crm.ui.conflict_view import Conflict
from crm.ui.format import plain
from crm.ui.typed import ungrouped

STATE = "_form"
_NOTHING = object()

TABLES: dict[str, type[Binned]] = {
    "customer": Customer,
    "contact": Contact,
    "product": Product,
    "price_list": PriceList,
    "subscription": Subscription,
    "lead": Lead,
    "opportunity": Opportunity,
    "ticket": Ticket,
    "campaign": Campaign,
}
UPDATES: dict[str, Callable[..., Any]] = {
    "customer": customers.update,
    "contact": contacts.update,
    "product": products.update,
    "price_list": price_lists.update,
    "subscription": subscriptions.update,
    "lead": leads.update,
    "opportunity": opportunities.update,
    "ticket": tickets.update,
    "campaign": campaigns.update,
}
LOCKED: dict[str, Callable[..., dict[str, str]]] = {
    "opportunity": opportunity_lines.locked,
}
"""Which fields of a record follow from others at the moment, each with the reason."""


@dataclass
class Form:
    """An open form: which record, as it was read last, and what conflicts.

    A widget starts anew, with what `values` has, when its field's turn goes up.
    """

    entity: str
    record_id: int
    version: int
    read_at: datetime  # when the record had been changed last
    values: dict[str, Any]
    opened: int = 0
    turns: dict[str, int] = field(default_factory=dict)
    conflict: Conflict | None = None
    faults: dict[str, str] = field(default_factory=dict)  # by field, of the last save


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
        if STATE not in st.session_state:  # saved: the drawer alone ran again
            st.rerun()
        _draw(form)

    drawer()


def _draw(form: Form) -> None:
    with db.reading(access.current()) as session:
        fields = _fields(session, form.entity)
        known = {
            name: filter_builder.choices(session, field)
            for name, field in fields.items()
        }
        locked = _locked(session, form)
    free = {name: one for name, one in fields.items() if name not in locked}
    for name, one in fields.items():
        value, key = form.values.get(name), _key(form, name)
        if name in locked:
            inputs.locked(one, value, locked[name], key=f"{key}_locked")
            continue
        typed = inputs.field(one, value, known[name], key=key)
        if name in form.faults:
            st.error(plain(form.faults[name]), icon=":material/block:")
        if form.conflict:
            conflict_view.at_field(form.conflict, one, known[name], typed, _taker(form))
    with feedback.foot():
        if form.conflict:
            conflict_view.tell(form.conflict, free)
        st.button(
            _("Save"),
            type="primary",
            key="form_save",
            on_click=_save,
            args=[form, free],
        )


def _open(entity: str, record_id: int) -> None:
    with feedback.told(), db.reading(access.current()) as session:
        opened = st.session_state.get("_form_opened", 0) + 1
        st.session_state["_form_opened"] = opened
        held = _held(session, entity, record_id)
        st.session_state[STATE] = Form(entity, record_id, *held, opened)


def _held(
    session: Any, entity: str, record_id: int
) -> tuple[int, datetime, dict[str, Any]]:
    """The version of a record, when it was made, and the values, as they are now."""
    row = db.get(session, TABLES[entity], record_id)
    custom = custom_fields.values(session, entity, record_id)
    names = _fields(session, entity)
    return (
        row.version,
        row.updated_at,
        {
            name: custom.get(name) if field.custom_id else getattr(row, name)
            for name, field in names.items()
        },
    )


def _fields(session: Any, entity: str) -> dict[str, Field]:
    return {
        name: field
        for name, field in fields_of(session, entity).items()
        if field.editable and field.kind is not Kind.CUSTOMER
    }


def _locked(session: Any, form: Form) -> dict[str, str]:
    found = LOCKED.get(form.entity)
    return found(session, form.record_id) if found else {}


def _save(form: Form, fields: dict[str, Field]) -> None:
    typed = {
        name: _read(field, st.session_state.get(_key(form, name)))
        for name, field in fields.items()
    }
    changed = {
        name: value
        for name, value in typed.items()
        if _bare(value) != _bare(_trimmed(form.values.get(name)))
    }
    form.faults = {}
    if not changed:
        _close()
        return
    try:
        _write(form, changed)
    except Stale:
        with feedback.caught():
            _compare(form, changed)
    except CRMError as error:
        feedback.flash(str(error), kind="error")
        if (name := getattr(error, "field", None)) in fields:
            form.faults = {name: str(error)}
    else:
        _close()


def _write(form: Form, changed: dict[str, Any]) -> None:
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
            {name: v for name, v in changed.items() if name not in custom},
            version=form.version,
            custom={name: v for name, v in changed.items() if name in custom},
        )
    feedback.saved(_("Saved."), session)


def _compare(form: Form, changed: dict[str, Any]) -> None:
    """Read the record anew: what was typed stays, the rest becomes what is there."""
    with db.reading(access.current()) as session:
        editor = changes.editor_since(
            session, form.entity, form.record_id, form.read_at
        )
        form.version, form.read_at, now = _held(session, form.entity, form.record_id)
    form.conflict = Conflict(editor)
    for name, value in now.items():
        before = form.values.get(name)
        if _trimmed(value) in (_trimmed(before), changed.get(name, _NOTHING)):
            continue
        if name in changed:
            form.conflict.clashing[name] = (before, value)
        else:
            form.conflict.adopted[name] = value
            form.turns[name] = form.turns.get(name, 0) + 1
    form.values = now


def _taker(form: Form) -> Callable[[str], None]:
    def take(name: str) -> None:
        if form.conflict:
            form.conflict.clashing.pop(name)
        form.turns[name] = form.turns.get(name, 0) + 1

    return take


def _close() -> None:
    st.session_state.pop(STATE, None)


def _key(form: Form, name: str) -> str:
    return f"form_{form.opened}_{name}_{form.turns.get(name, 0)}"


def _read(field: Field, state: Any) -> Any:
    """What a widget holds, as a value of its field; what is no number stays text."""
    if field.kind in (Kind.NUMBER, Kind.MONEY, Kind.SHARE) and isinstance(state, str):
        try:
            number = Decimal(ungrouped(state))
        except InvalidOperation:
            pass
        else:
            return number / 100 if field.kind is Kind.SHARE else number
    return _trimmed(state)


def _bare(value: Any) -> Any:
    """A box that is not ticked says as much as one that nobody has seen."""
    return None if value is False else value


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value or None if isinstance(value, list) else value
