"""“New product”: on the list of products, and in the sidebar of every page.

The draft lives in the database: a restart or a closed tab loses nothing.
"""

from typing import Any
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import Action, Product, ProductFields
from crm.services import drafts, records
from crm.services.fields import Field, fields_of
from crm.services.prices import products
from crm.ui import access, feedback, inputs, navigation
from crm.ui.sales import invoice_booking

FORM = "quick_product"
FIELDS = ("name", "sku", "category", "price", "tax_rate", "active")


def button(*, key: str, kind: Any = "secondary") -> None:
    """The button that opens the form, for those who may add products."""
    if access.current().may(Action.CREATE, "product"):
        st.button(
            _("New product"),
            icon=":material/add:",
            type=kind,
            key=key,
            on_click=_open,
        )


def show() -> None:
    """Draw the form while it is open."""
    if not st.session_state.get(f"{FORM}_open"):
        return

    @st.dialog(_("New product"), on_dismiss=_close, position="right")
    def form() -> None:
        if not st.session_state.get(f"{FORM}_open"):  # the drawer alone ran again
            st.rerun()
        st.caption(_("Prices are in {currency}.").format(currency=settings().currency))
        for name, field in _fields().items():
            inputs.field(field, None, {}, key=_key(name))
        _keep()
        with feedback.foot():
            st.button(_("Create"), type="primary", key=_key("create"), on_click=_create)

    form()


def _fields() -> dict[str, Field]:
    """What is asked, without what the user may not see."""
    with db.reading(access.current()) as session:
        known = fields_of(session, "product")
    return {name: known[name] for name in FIELDS if name in known}


def _key(name: str) -> str:
    return f"{FORM}_{name}"


def _open() -> None:
    state = st.session_state
    state[_key("open")] = True
    state.setdefault(_key("once"), uuid4().hex)
    with db.reading(access.current()) as session:
        draft = drafts.load(session, FORM) or {}
    for name in FIELDS:
        if _key(name) not in state and name in draft:
            state[_key(name)] = draft[name]
    state.setdefault(_key("active"), True)


def _keep() -> None:
    """Keep what stands in the form, as it was typed, when it has changed."""
    state = st.session_state
    typed = {name: state.get(_key(name)) for name in FIELDS}
    if not any(typed[name] for name in FIELDS[:-1]) or typed == state.get(_key("kept")):
        return
    with feedback.told(), db.transaction(access.current()) as session:
        drafts.save(session, FORM, typed)
    state[_key("kept")] = typed


def _create() -> None:
    """Create once, however often the button is clicked."""
    if (once := st.session_state.get(_key("once"))) is None:
        return
    made: Product | None = None
    with feedback.caught():
        typed = {name: inputs.typed(one, _key(name)) for name, one in _fields().items()}
        done = _("{name} is created.").format(name=typed.get("name") or "")
        given = {"form": records.valid(ProductFields, typed)}
        made = feedback.run(done, invoice_booking.once, Product, once, _made, (), given)
    if made:
        _close()
        for name in (*FIELDS, "once", "kept"):
            st.session_state.pop(_key(name), None)
        navigation.go("product", id=made.id)


def _made(session: Session, form: ProductFields) -> Product:
    drafts.drop(session, FORM)
    return products.create(session, form)


def _close() -> None:
    st.session_state.pop(_key("open"), None)
