"""Record a payment on the page of an invoice."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.i18n import _
from crm.models import Invoice, Payment, PaymentFields
from crm.services import records
from crm.services.documents import payments
from crm.services.documents.invoice_fields import PAYMENT_METHODS
from crm.ui.format import money, today
from crm.ui.sales import invoice_booking


def show(one: Invoice) -> None:
    """The form, filled with all that is left to pay, or to pay back."""
    with st.popover(_("Record payment"), icon=":material/payments:", key="pay"):
        key = f"pay_{one.id}_{one.version}_{{}}".format
        st.text_input(
            _("Amount ({currency})").format(currency=one.currency),
            _bare(one.balance),
            key=key("amount"),
            max_chars=20,
            help=_("Below zero, it is money paid back."),
        )
        st.date_input(_("Paid on"), value=today(), key=key("on"))
        st.selectbox(
            _("Payment method"),
            list(PAYMENT_METHODS),
            format_func=lambda name: _(PAYMENT_METHODS[name]),
            key=key("method"),
        )
        st.text_input(_("Reference"), max_chars=120, key=key("reference"))
        st.button(
            _("Record payment"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[one, key],
        )


def _save(one: Invoice, key: Callable[[str], str]) -> None:
    """Record what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    data = {
        "invoice_id": one.id,
        "amount": invoice_booking.amount(held[key("amount")]),
        "paid_on": held[key("on")],
        "method": held[key("method")],
        "reference": held[key("reference")],
    }
    once = f"pay:{one.id}:{one.version}"
    invoice_booking.book(Payment, once, _done, _record, data)


def _record(session: Session, data: dict[str, Any]) -> Payment:
    return payments.record(session, records.valid(PaymentFields, data))


def _done(made: Payment) -> str:
    amount = money(made.amount, made.currency)
    return _("{amount} is recorded.").format(amount=amount)


def _bare(amount: Decimal) -> str:
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if text in ("0", "-0") else text
