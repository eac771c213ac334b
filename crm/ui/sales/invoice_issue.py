"""Issue an invoice on the page of an order: when, how much of which line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Invoice, Order, Product
from crm.services.admin import company
from crm.services.documents import invoices
from crm.ui import access, feedback, navigation
from crm.ui.format import today
from crm.ui.sales import invoice_booking, invoice_quantities
from crm.ui.sales.invoice_quantities import Offer

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


def show(
    order: Order, products: Mapping[int, Product], left: Mapping[int, Decimal]
) -> None:
    """Draw the form while it is open."""
    if made := st.session_state.pop(MADE, None):
        navigation.go("invoice", id=made)
    if st.session_state.get(STATE) != order.id:
        return

    @st.dialog(_("Invoice the order"), width="large", on_dismiss=_close)
    def drawer() -> None:
        if STATE not in st.session_state:  # done: the drawer alone ran again
            st.rerun()
        _draw(order, products, left)
        feedback.say()

    drawer()


def _draw(
    order: Order, products: Mapping[int, Product], left: Mapping[int, Decimal]
) -> None:
    with db.reading(access.current()) as session:
        days = company.profile(session).payment_days
        so_far = len(invoices.of_order(session, order.id))
    key = f"issue_{order.id}_{so_far}_{{}}".format
    with st.container(horizontal=True):
        on = st.date_input(_("Date"), value=today(), key=key("on"))
        st.date_input(
            _("Due on"), value=on + timedelta(days=days), key=key(f"due_{on}")
        )
    offered = invoice_quantities.offers(order.lines, products, left)
    invoice_quantities.ask(_("To invoice"), offered, key=key("lines"))
    st.caption(_("An invoice is never changed: a credit note takes it back."))
    st.button(
        _("Issue invoice"),
        type="primary",
        key=key("save"),
        on_click=_save,
        args=[order.id, so_far, offered, key],
    )


def _save(
    order_id: int, so_far: int, offered: Sequence[Offer], key: Callable[[str], str]
) -> None:
    """Issue what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    on = held[key("on")]
    made = invoice_booking.book(
        Invoice,
        f"issue:{order_id}:{so_far}",
        _done,
        invoices.issue,
        order_id,
        on=on,
        due_on=held.get(key(f"due_{on}")),
        quantities=invoice_quantities.held(offered, key("lines")),
    )
    if made:
        st.session_state[MADE] = made.id
        _close()


def _done(made: Invoice) -> str:
    return _("Invoice {number} is issued.").format(number=made.number)


def _open(order_id: int) -> None:
    st.session_state[STATE] = order_id


def _close() -> None:
    st.session_state.pop(STATE, None)
