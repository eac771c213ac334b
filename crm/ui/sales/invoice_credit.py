"""Credit an invoice, on its page or on that of its order: how much, why, the goods."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Invoice
from crm.services.days import today
from crm.services.documents import invoices, invoices_credit
from crm.services.prices.products import products_of
from crm.ui import access, day_input, feedback, navigation
from crm.ui.sales import invoice_booking, invoice_quantities, invoice_sheet
from crm.ui.sales.invoice_quantities import Offer
from crm.ui.sales.invoice_sheet import Sheet

STATE, MADE = "_credit", "_credited"


def button(label: str, *, key: str) -> None:
    """The button that asks."""
    st.button(label, icon=":material/undo:", key=key, on_click=_open)


def show(found: Sequence[Invoice]) -> None:
    """Draw the form for one of the invoices in `found` while it is open."""
    if made := st.session_state.pop(MADE, None):
        navigation.go("invoice", id=made)
    if STATE not in st.session_state or not found:
        return

    @st.dialog(_("Credit an invoice"), width="large", on_dismiss=_close)
    def drawer() -> None:
        if STATE not in st.session_state:  # done: the drawer alone ran again
            st.rerun()
        _draw(_which(found))
        feedback.say()

    drawer()


def _which(found: Sequence[Invoice]) -> Invoice:
    numbers = {one.id: one.number for one in found}
    chosen = found[0].id
    if len(found) > 1:
        chosen = st.selectbox(
            _("Invoice"), list(numbers), format_func=numbers.__getitem__,
            key="credit_which",
        )  # fmt: skip
    return next(one for one in found if one.id == chosen)


def _draw(one: Invoice) -> None:
    offered = _offers(one.id)
    key = f"credit_{one.id}_{{}}".format
    sheet = invoice_sheet.opened(offered, key=key("lines"))
    with st.container(horizontal=True):
        day_input.date_input(_("Date"), value=today(), key=key("on"), width=160)
        st.text_input(_("Reason"), key=key("reason"), help=_("It is printed."))
    back = st.checkbox(
        _("The goods came back"),
        key=key("back"),
        help=_("A return is recorded, which all analyses count."),
    )
    words = _("The order can be invoiced again.")
    if back:
        words = _("The return becomes an order of its own, with negative quantities.")
    st.caption(words)
    invoice_sheet.ask(_("To credit"), sheet)
    st.button(
        _("Issue credit note"),
        type="primary",
        key=key("save"),
        on_click=_save,
        args=[one.id, sheet, key],
    )


def _offers(invoice_id: int) -> list[Offer]:
    with db.reading(access.current()) as session:
        row = invoices.invoice(session, invoice_id)
        products = products_of(session, row.lines)
        left = invoices_credit.left_of(session, row)
    return invoice_quantities.offers(row.lines, products, left)


def _save(invoice_id: int, sheet: Sheet, key: Callable[[str], str]) -> None:
    """Credit what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    made = invoice_booking.book(
        Invoice,
        f"credit:{sheet.once}",
        _done,
        _credit,
        invoice_id,
        seen=sheet.seen,
        on=held[key("on")],
        reason=held[key("reason")],
        quantities=sheet.held,
        goods_back=held[key("back")],
    )
    if made:
        st.session_state[MADE] = made.id
        _close()


def _credit(
    session: Session, invoice_id: int, *, seen: Mapping[int, Decimal], **given: Any
) -> Invoice:
    invoices.expect_uncredited(session, invoice_id, seen)
    return invoices.credit(session, invoice_id, **given)


def _done(made: Invoice) -> str:
    return _("Credit note {number} is issued.").format(number=made.number)


def _open() -> None:
    st.session_state[STATE] = True


def _close() -> None:
    st.session_state.pop(STATE, None)
    invoice_sheet.close("credit_")
