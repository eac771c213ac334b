"""“New” on every page: customers, products, tickets, campaigns, without leaving it.

The draft lives in the database: a restart or a closed tab loses nothing.
"""

from typing import Any
from uuid import uuid4

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Actor, Customer, CustomerFields, CustomerKind
from crm.services import drafts, idempotency, records
from crm.services.customers import customers, duplicates
from crm.services.fields import CUSTOMER_KINDS
from crm.ui import access, feedback, navigation
from crm.ui.marketing import campaign_form
from crm.ui.sales import product_new
from crm.ui.support import ticket_form

FORM = "quick_customer"
FIELDS = ("name", "kind", "email", "phone", "city")
OTHERS = ("product", "ticket", "campaign")


def quick_create(actor: Actor) -> None:
    """The buttons in the sidebar, and the form of the one that was clicked."""
    with st.container(horizontal=True, key="quick"):
        if actor.may(Action.CREATE, "customer"):
            st.button(
                _("New customer"),
                icon=":material/add:",
                key="quick_create",
                width="stretch",
                on_click=_start,
            )
        if any(actor.may(Action.CREATE, one) for one in OTHERS):
            with st.popover(_("More"), help=_("More to add")):
                product_new.button(key="new_product", kind="tertiary")
                ticket_form.quick_button()
                campaign_form.quick_button()
    product_new.show()
    ticket_form.quick_form()
    campaign_form.quick_form()
    if st.session_state.get(f"{FORM}_open"):
        _dialog()


def first_button() -> None:
    """The way to the form of a customer, for a page that has none yet."""
    st.button(
        _("New customer"), icon=":material/add:", key="first_customer", on_click=_start
    )


def _start() -> None:
    state = st.session_state
    state[f"{FORM}_open"] = True
    state.setdefault(f"{FORM}_key", uuid4().hex)
    with db.reading(access.current()) as session:
        draft = drafts.load(session, FORM) or {}
    for name in FIELDS:
        if f"{FORM}_{name}" not in state and draft.get(name):
            state[f"{FORM}_{name}"] = draft[name]


def _dialog() -> None:
    @st.dialog(_("New customer"), on_dismiss=_close, position="right")
    def form() -> None:
        key = f"{FORM}_{{}}".format
        st.text_input(_("Name"), key=key("name"), on_change=_keep)
        st.segmented_control(
            _("Kind"),
            [kind.value for kind in CustomerKind],
            default=CustomerKind.COMPANY.value,
            format_func=lambda kind: _(CUSTOMER_KINDS[kind]),
            key=key("kind"),
        )
        for name, label in (
            ("email", _("E-mail")),
            ("phone", _("Phone")),
            ("city", _("City")),
        ):
            if not access.current().hides("customer", name):
                st.text_input(label, key=key(name), on_change=_keep)
        _warn()
        with feedback.foot():
            st.button(_("Create"), type="primary", key=key("create"), on_click=_create)

    form()


def _warn() -> None:
    """Say who may be the same, before there are two."""
    typed = _typed()
    with db.reading(access.current()) as session:
        found = duplicates.similar(
            session,
            typed.get("name") or "",
            email=typed.get("email"),
            phone=typed.get("phone"),
        )
    if found:
        st.warning(_("This may be there already:"), icon=":material/group:")
        for one in found:
            navigation.link("customer", f"{one.name} · {one.why}", id=one.customer_id)


def _typed() -> dict[str, Any]:
    state = st.session_state
    return {name: state.get(f"{FORM}_{name}") or None for name in FIELDS}


def _keep() -> None:
    with feedback.told(), db.transaction(access.current()) as session:
        drafts.save(session, FORM, _typed())


def _create() -> None:
    """Create once, however often the button is clicked."""
    state = st.session_state
    once = state.get(f"{FORM}_key")
    if once is None:
        return
    typed = {name: value for name, value in _typed().items() if value}
    done = _("{name} is created.").format(name=typed.get("name", ""))
    made: Customer | None = feedback.run(done, _once, once, typed)
    if made:
        _close()
        for name in FIELDS:
            state.pop(f"{FORM}_{name}", None)
        state.pop(f"{FORM}_key", None)
        navigation.go("customer", id=made.id)


def _once(session: Any, key: str, typed: dict[str, Any]) -> Customer:
    """The customer that this form has made, now or by an earlier click."""

    def make() -> Customer:
        made = customers.create(session, records.valid(CustomerFields, typed))
        drafts.drop(session, FORM)
        return made

    request = {"form": FORM} | typed
    return idempotency.made_once(session, key, request, Customer, make)


def _close() -> None:
    st.session_state.pop(f"{FORM}_open", None)
