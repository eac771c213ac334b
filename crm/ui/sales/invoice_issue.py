"""Issue an invoice on the page of an order: when, how much of which line."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Invoice, Order, Product
from crm.services.admin import company
from crm.services.days import today
from crm.services.documents import invoices
from crm.ui import access, day_input, feedback, navigation
from crm.ui.sales import invoice_booking, invoice_quantities, invoice_sheet
from crm.ui.sales.invoice_sheet import Sheet

STATE, MADE = "_issue", "_issued"


def button(order: Order) -> None:
    """The button that asks."""
    st.button(
        _("Invoice"),
        icon=":material/receipt_long:",
        type="primary",
        key="order_invoice",
        on_click=_open,
        args=[order.id],
    )


def show(order: Order, products: Mapping[int, Product]) -> None:
    """Draw the form while it is open."""
    if made := st.session_state.pop(MADE, None):
        navigation.go("invoice", id=made)
    if st.session_state.get(STATE) != order.id:
        return

    @st.dialog(_("Invoice the order"), width="large", on_dismiss=_close)
    def drawer() -> None:
        if STATE not in st.session_state:  # done: the drawer alone ran again
            st.rerun()
        _draw(order, products)
        feedback.say()

    drawer()


def _draw(order: Order, products: Mapping[int, Product]) -> None:
    with db.reading(access.current()) as session:
        days = company.profile(session).payment_days
        left = invoices.left_of(session, order)
    key = f"issue_{order.id}_{{}}".format
    with st.container(horizontal=True):
        on: date = day_input.date_input(_("Date"), value=today(), key=key("on"))
        day_input.date_input(
            _("Due on"), value=on + timedelta(days=days), key=key(f"due_{on}")
        )
    offered = invoice_quantities.offers(order.lines, products, left)
    sheet = invoice_sheet.opened(offered, key=key("lines"))
    invoice_sheet.ask(_("To invoice"), sheet)
    st.caption(_("An invoice is never changed: a credit note takes it back."))
    st.button(
        _("Issue invoice"),
        type="primary",
        key=key("save"),
        on_click=_save,
        args=[order.id, sheet, key],
    )


def _save(order_id: int, sheet: Sheet, key: Callable[[str], str]) -> None:
    """Issue what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    on = held[key("on")]
    made = invoice_booking.book(
        Invoice,
        f"issue:{sheet.once}",
        _done,
        _issue,
        order_id,
        seen=sheet.seen,
        on=on,
        due_on=held.get(key(f"due_{on}")),
        quantities=sheet.held,
    )
    if made:
        st.session_state[MADE] = made.id
        _close()


def _issue(
    session: Session, order_id: int, *, seen: Mapping[int, Decimal], **given: Any
) -> Invoice:
    invoices.expect_uninvoiced(session, order_id, seen)
    return invoices.issue(session, order_id, **given)


def _done(made: Invoice) -> str:
    return _("Invoice {number} is issued.").format(number=made.number)


def _open(order_id: int) -> None:
    st.session_state[STATE] = order_id


def _close() -> None:
    st.session_state.pop(STATE, None)
    invoice_sheet.close("issue_")
