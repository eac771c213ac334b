"""Write an order by hand; what is typed and not saved survives."""

from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import Action, Customer, Order
from crm.services import drafts, idempotency, records
from crm.services.admin import company
from crm.services.days import today
from crm.services.documents import order_flow
from crm.services.documents.order_flow import HandOrderFields
from crm.services.documents.quotes_lines import Basis
from crm.services.prices.pricing import currency_code
from crm.ui import access, customer_search, day_input, feedback, inputs, navigation
from crm.ui.format import plain
from crm.ui.sales import line_editor

FORM = "order_new"
KEPT = f"{FORM}_kept"
Values = dict[str, Any]


def show() -> None:
    """The button, or the form once a customer is chosen."""
    actor = access.current()
    if not actor.may(Action.CREATE, "sales_order"):
        return
    if KEPT in st.session_state:
        _draw()
        return
    with db.reading(actor) as session:
        draft = drafts.load(session, FORM)
    with st.container(horizontal=True):
        with st.popover(_("New order"), icon=":material/add:"):
            customer_id = customer_search.find_customer(FORM)
            st.button(
                _("Go on"),
                type="primary",
                key=f"{FORM}_begin",
                disabled=customer_id is None,
                on_click=_start,
            )
        if draft:
            st.button(
                _("Go on with the order that you began"),
                icon=":material/edit_note:",
                key=f"{FORM}_again",
                on_click=_begin,
                args=[draft],
            )


def _start() -> None:
    """Begin the order of the customer who is chosen now."""
    with feedback.caught():
        _begin({"customer_id": inputs.picked(FORM, "customer")})


def _begin(values: Values) -> None:
    state, on = st.session_state, values.get("ordered_on")
    state[KEPT] = {
        "customer_id": values["customer_id"],
        "key": values.get("key") or uuid4().hex,
    }
    state[f"{FORM}_on"] = date.fromisoformat(on) if on else today()
    state[f"{FORM}_currency"] = values.get("currency") or settings().currency
    line_editor.begin(FORM, values.get("lines") or [])


def _draw() -> None:
    kept = st.session_state[KEPT]
    with st.container(border=True):
        with feedback.told(), db.reading(access.current()) as session:
            name = db.get(session, Customer, kept["customer_id"]).name
            st.subheader(plain(_("New order of {customer}").format(customer=name)))
        with st.container(horizontal=True):
            day_input.date_input(
                _("Date"), key=f"{FORM}_on", on_change=_keep, width=160
            )
            st.text_input(
                _("Currency"),
                key=f"{FORM}_currency",
                on_change=_keep,
                width=110,
            )
        with feedback.told():
            line_editor.show(FORM, _basis(), on_change=_keep)
        with st.container(horizontal=True):
            st.button(
                _("Save order"), type="primary", key=f"{FORM}_save", on_click=_save
            )
            st.button(_("Discard"), key=f"{FORM}_discard", on_click=_discard)


def _basis() -> Basis:
    code = currency_code(st.session_state[f"{FORM}_currency"].strip() or None)
    with db.reading(access.current()) as session:
        return Basis(code, None, company.profile(session).tax_rate)


def _typed() -> Values:
    """What stands in the form, as plain data."""
    state = st.session_state
    on = state.get(f"{FORM}_on")
    return {
        "customer_id": state[KEPT]["customer_id"],
        "ordered_on": on.isoformat() if on else None,
        "currency": (state.get(f"{FORM}_currency") or "").strip() or None,
        "lines": line_editor.current(FORM),
    }


def _keep() -> None:
    typed = _typed() | {"key": st.session_state[KEPT]["key"]}
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.save(session, FORM, typed)


def _save() -> None:
    """Save once, however often the button is clicked."""
    if KEPT not in st.session_state:
        return
    made = feedback.run(_named, _create, st.session_state[KEPT]["key"], _typed())
    if made:
        _forget()
        navigation.go("order", id=made.id)


def _named(made: Order) -> str:
    return _("Order {number} is saved.").format(number=made.number)


def _create(session: Session, key: str, typed: Values) -> Order:
    """The order that this form has made, now or by an earlier click."""

    def make() -> Order:
        made = order_flow.by_hand(session, records.valid(HandOrderFields, typed))
        drafts.drop(session, FORM)
        return made

    request = {"form": "order"} | typed
    return idempotency.made_once(session, key, request, Order, make)


def _discard() -> None:
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.drop(session, FORM)
    _forget()


def _forget() -> None:
    for name in ("kept", "lines", "on", "currency"):
        st.session_state.pop(f"{FORM}_{name}", None)
