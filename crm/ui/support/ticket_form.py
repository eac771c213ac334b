"""The form for one more ticket, on every page: in a drawer, with a draft kept.

Opened from the list, from a customer's page, or from beside the menu.
"""

from functools import partial
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Priority, Ticket, TicketFields, TicketKind
from crm.services import drafts, idempotency, list_values, records
from crm.services.fields import Kind
from crm.services.support import tickets
from crm.services.support.ticket_fields import PRIORITIES, TICKET_KINDS
from crm.ui import access, feedback, navigation
from crm.ui.customer_search import find_customer
from crm.ui.format import plain
from crm.ui.support import whose

FORM = "new_ticket"
KEPT = ("subject", "description")
USUAL = {"kind": TicketKind.INQUIRY.value, "priority": Priority.NORMAL.value}
_key = f"{FORM}_{{}}".format


def button(customer_id: int | None = None) -> None:
    """What opens the form: about a customer, or about one to be found."""
    st.button(
        _("New ticket"),
        icon=":material/add:",
        key="ticket_new",
        on_click=_start,
        args=[customer_id],
    )


def quick_button() -> None:
    """The button beside the menu."""
    if access.current().may(Action.CREATE, "ticket"):
        st.button(
            _("New ticket"),
            icon=":material/add:",
            key="quick_ticket",
            type="tertiary",
            on_click=_start,
            args=[None],
        )


def quick_form() -> None:
    """Draw the form while it is open."""
    if st.session_state.get(_key("open")):
        _dialog()


def _start(customer_id: int | None) -> None:
    state = st.session_state
    state[_key("open")], state[_key("of")] = True, customer_id
    state.setdefault(_key("once"), uuid4().hex)
    with db.reading(access.current()) as session:
        draft = drafts.load(session, FORM) or {}
    for name in KEPT:
        if _key(name) not in state and draft.get(name):
            state[_key(name)] = draft[name]


def _dialog() -> None:
    @st.dialog(_("New ticket"), on_dismiss=_close, position="right")
    def form() -> None:
        customer_id = st.session_state[_key("of")]
        found = find_customer(FORM) if customer_id is None else _told(customer_id)
        whose.contact(FORM, found)
        st.text_input(_("Subject"), key=_key("subject"), on_change=_keep)
        for name, title, choices in (
            ("kind", _("Kind"), TICKET_KINDS),
            ("priority", _("Priority"), PRIORITIES),
        ):
            st.segmented_control(
                title,
                list(choices),
                default=USUAL[name],
                format_func=partial(_choice, choices),
                key=_key(name),
            )
        st.text_area(
            _("Details"),
            key=_key("description"),
            on_change=_keep,
        )
        with feedback.foot():
            st.button(_("Create"), type="primary", key=_key("create"), on_click=_create)

    form()


def _choice(choices: dict[str, str], one: str) -> str:
    return _(choices[one])


def _told(customer_id: int) -> int:
    """Say whom it is about."""
    with db.reading(access.current()) as session:
        names = list_values.names(session, Kind.CUSTOMER, [customer_id])
    for name in names.values():
        st.markdown(f":material/person: {plain(name)}")
    return customer_id


def _typed() -> dict[str, Any]:
    """What the form holds now.

    Raises:
        Invalid: a customer was looked for, and none was chosen.
    """
    state = st.session_state
    names = (*KEPT, *USUAL)
    typed = {name: state.get(_key(name)) or USUAL.get(name) for name in names}
    links = whose.held(FORM, state.get(_key("of")))
    return {name: value for name, value in (typed | links).items() if value}


def _keep() -> None:
    kept = {name: st.session_state.get(_key(name)) for name in KEPT}
    with feedback.told(), db.transaction(access.current()) as session:
        drafts.save(session, FORM, kept)


def _create() -> None:
    """Create once, however often the button is clicked."""
    state = st.session_state
    if (once := state.get(_key("once"))) is None:
        return
    made: Ticket | None = None
    with feedback.caught():
        typed = _typed()
        done = _("“{name}” is added.").format(name=typed.get("subject", ""))
        made = feedback.run(done, _once, once, typed)
    if made:
        _close()
        for name in (*KEPT, *USUAL, "once", "of"):
            state.pop(_key(name), None)
        navigation.go("ticket", id=made.id)


def _once(session: Session, key: str, typed: dict[str, Any]) -> Ticket:
    """The ticket that this form has made, now or by an earlier click."""

    def make() -> Ticket:
        made = tickets.create(session, records.valid(TicketFields, typed))
        drafts.drop(session, FORM)
        return made

    request = {"form": FORM} | typed
    return idempotency.made_once(session, key, request, Ticket, make)


def _close() -> None:
    st.session_state.pop(_key("open"), None)
