"""Record a payment on the page of an invoice."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Invoice, Payment, PaymentFields
from crm.services import records
from crm.services.days import today
from crm.services.documents import invoices, payments
from crm.services.documents.invoice_fields import PAYMENT_METHODS
from crm.ui import access, day_input, feedback
from crm.ui.format import money, plain
from crm.ui.sales import invoice_booking


@dataclass
class Opened:
    """A form as it was opened: of which version, and what was left to pay then.

    `once` names its booking. Where something else was booked since, it `has_moved`.
    """

    version: int
    balance: Decimal
    once: str
    has_moved: bool = False


def show(one: Invoice) -> None:
    """The form, filled with all that is left to pay, or to pay back."""
    form = _opened(one)
    with st.popover(_("Record payment"), icon=":material/payments:", key="pay"):
        key = f"pay_{one.id}_{form.version}_{{}}".format
        if form.has_moved:
            words = _("Something else was booked meanwhile: {amount} is left to pay.")
            left = words.format(amount=money(one.balance, one.currency))
            st.warning(plain(left), icon=":material/sync_problem:")
        st.text_input(
            _("Amount ({currency})").format(currency=one.currency),
            key=key("amount"),
            help=_("Below zero, it is money paid back."),
        )
        day_input.date_input(_("Paid on"), value=today(), key=key("on"))
        st.selectbox(
            _("Payment method"),
            list(PAYMENT_METHODS),
            format_func=lambda name: _(PAYMENT_METHODS[name]),
            key=key("method"),
        )
        st.text_input(_("Reference"), key=key("reference"))
        st.button(
            _("Record payment"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[one.id, form, key],
        )


def _opened(one: Invoice) -> Opened:
    """The form that is open, or a new one; what is left to pay is as it is now."""
    state, name = st.session_state, f"_pay_{one.id}"
    form: Opened | None = state.get(name)
    if form is None or _box(one.id, form) not in state:
        form = state[name] = Opened(one.version, one.balance, uuid4().hex)
        state[_box(one.id, form)] = _bare(one.balance)
    _move(one.id, form, one.balance)
    return form


def _box(invoice_id: int, form: Opened) -> str:
    return f"pay_{invoice_id}_{form.version}_amount"


def _move(invoice_id: int, form: Opened, balance: Decimal) -> None:
    """Take over what is left to pay now; an amount that somebody has typed stays."""
    if balance == form.balance:
        return
    box = _box(invoice_id, form)
    if st.session_state[box] == _bare(form.balance):
        st.session_state[box] = _bare(balance)
    form.balance, form.has_moved = balance, True


def _save(invoice_id: int, form: Opened, key: Callable[[str], str]) -> None:
    """Record what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    data = {
        "invoice_id": invoice_id,
        "amount": invoice_booking.amount(held[key("amount")]),
        "paid_on": held[key("on")],
        "method": held[key("method")],
        "reference": held[key("reference")],
    }
    once = f"pay:{form.once}"
    made = invoice_booking.book(Payment, once, _done, _record, data, form.balance)
    if made:
        held.pop(f"_pay_{invoice_id}", None)
        return
    with feedback.caught():
        with db.reading(access.current()) as session:
            now = invoices.invoice(session, invoice_id).balance
        _move(invoice_id, form, now)


def _record(session: Session, data: dict[str, Any], balance: Decimal) -> Payment:
    form = records.valid(PaymentFields, data)
    return payments.record(session, form, balance=balance)


def _done(made: Payment) -> str:
    amount = money(made.amount, made.currency)
    return _("{amount} is recorded.").format(amount=amount)


def _bare(amount: Decimal) -> str:
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if text in ("0", "-0") else text
