"""What stands in the form of a quote, not saved yet: kept, found again, dropped."""

from datetime import date
from typing import Any

import streamlit as st

from crm import db
from crm.db.plain import plain as json_value
from crm.services import drafts
from crm.ui import access, feedback, navigation
from crm.ui.sales import line_editor

FIELDS = (
    "contact_id", "opportunity_id", "price_list_id", "currency", "language",
    "issued_on", "valid_until", "owner_id", "intro", "terms",
)  # fmt: skip
# Fields with a menu. They begin by the menu's own start, which each run names again:
# what is only set beforehand gets lost where a run is overtaken before it was drawn.
PICKED = ("contact_id", "opportunity_id", "price_list_id", "language", "owner_id")
Values = dict[str, Any]


def begin(form: str, start: Values) -> None:
    """Fill the form: with what was typed and not saved, else with `start`."""
    state = st.session_state
    if f"{form}_intro" in state and f"{form}_kept" in state:
        return
    with db.reading(access.current()) as session:
        kept = drafts.load(session, form)
    values = start | (kept or {})
    state[f"{form}_kept"] = {
        name: values.get(name) for name in ("version", "key", "customer_id")
    } | {"is_draft": kept is not None, "start": {n: values.get(n) for n in PICKED}}
    for name in FIELDS:
        if name not in PICKED:
            state[f"{form}_{name}"] = _shown(name, values.get(name))
    line_editor.begin(form, values.get("lines") or [])


def start(form: str, name: str) -> Any:
    """What a menu of the form begins with."""
    return st.session_state[f"{form}_kept"]["start"][name]


def held(form: str, name: str) -> Any:
    """What stands in a field of the form now."""
    begun = start(form, name) if name in PICKED else None
    return st.session_state.get(f"{form}_{name}", begun)


def typed(form: str) -> Values:
    """What stands in the form, as plain data."""
    values = {name: json_value(held(form, name)) for name in FIELDS}
    values["currency"] = (values["currency"] or "").strip() or None
    return values | {"lines": line_editor.current(form)}


def keep(form: str) -> None:
    """For callbacks: write down what stands in the form."""
    kept = st.session_state[f"{form}_kept"]
    begun = {name: kept[name] for name in ("version", "key", "customer_id")}
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.save(session, form, typed(form) | begun)


def discard(form: str, quote_id: int | None) -> None:
    """For callbacks: drop it, and go to the quote, or to the customer of a new one."""
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.drop(session, form)
    kept: Values = st.session_state.get(f"{form}_kept") or {}
    forget(form)
    if quote_id:
        navigation.go("quote", id=quote_id)
    else:
        navigation.go("customer", id=kept.get("customer_id") or 0)


def forget(form: str) -> None:
    """Empty the form in this session."""
    for name in ("kept", "lines", *FIELDS):
        st.session_state.pop(f"{form}_{name}", None)


def _shown(name: str, value: Any) -> Any:
    """A plain value as the widget of its field takes it."""
    if name in ("issued_on", "valid_until"):
        return date.fromisoformat(value) if value else None
    return value or "" if name in ("currency", "intro", "terms") else value
