"""Payments: those of an invoice, and the page of one."""

from collections.abc import Sequence

import streamlit as st

from crm.i18n import _
from crm.models import Action, Invoice, Payment
from crm.services.documents import payments
from crm.services.documents.invoice_fields import PAYMENT_METHODS
from crm.ui import access, cards, feedback, navigation
from crm.ui.format import day, moment, money, plain


def of_invoice(found: Sequence[Payment]) -> None:
    """What came in, one below the other; void ones say so."""
    st.subheader(_("Payments"))
    if not found:
        st.caption(_("Nothing came in yet."))
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(width="stretch", gap=None):
                label = f"{money(one.amount, one.currency)} · {day(one.paid_on)}"
                navigation.link("payment", label, id=one.id)
                told = [_(PAYMENT_METHODS[one.method.value]), one.reference]
                st.caption(plain(" · ".join(filter(None, told))))
            badge(one)


def badge(one: Payment) -> None:
    """Whether it stands, and which way the money went."""
    if one.voided_at:
        st.badge(_("Void"), icon=":material/block:", color="gray")
    elif one.amount < 0:
        st.badge(_("Paid back"), icon=":material/undo:", color="gray")
    else:
        st.badge(_("Received"), icon=":material/check_circle:", color="green")


def facts(one: Payment, invoice: Invoice, customer: str) -> None:
    """Of whom, for what, how much, when, how."""
    navigation.link("payments", _("All"), icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        title = _("Payment of {amount}")
        st.title(plain(title.format(amount=money(one.amount, one.currency))))
        badge(one)
    navigation.link("customer", customer, icon=":material/person:", id=one.customer_id)
    label = _("Invoice {number}").format(number=invoice.number)
    navigation.link("invoice", label, icon=":material/receipt_long:", id=invoice.id)
    with st.grid(4, min_column_width=180):
        cards.amount(_("Amount"), one.amount, one.currency)
        st.metric(_("Paid on"), day(one.paid_on), border=True)
        st.metric(
            _("Payment method"), _(PAYMENT_METHODS[one.method.value]), border=True
        )
        st.metric(_("Reference"), plain(one.reference or "–"), border=True)
    if one.voided_at is not None:
        words = _("Void since {moment}: {reason}")
        told = words.format(moment=moment(one.voided_at), reason=one.void_reason)
        st.info(plain(told), icon=":material/block:")


def void(one: Payment) -> None:
    """Take it back, where it was entered by mistake."""
    if one.voided_at or not access.current().may(Action.UPDATE, "payment"):
        return
    with st.popover(_("Void payment"), icon=":material/block:"):
        st.caption(_("For what was entered by mistake. It stays to be seen."))
        st.text_input(_("Reason"), key="void_reason")
        st.button(
            _("Void payment"), type="primary", key="void_save", on_click=_void,
            args=[one],
        )  # fmt: skip


def _void(one: Payment) -> None:
    done = _("The payment is void.")
    reason = st.session_state["void_reason"]  # as it is now, not a run before
    feedback.run(done, payments.void, one.id, reason, version=one.version)
    st.session_state.pop(feedback.UNDO, None)
