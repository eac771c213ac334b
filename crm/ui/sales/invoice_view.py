"""The parts of an invoice's page, and those of orders and customers."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Invoice, InvoiceKind, Product
from crm.services.days import today
from crm.services.documents import invoices
from crm.services.documents.invoice_fields import INVOICE_STATES, InvoiceState, state_of
from crm.services.documents.invoices_sums import taxes
from crm.services.prices.pricing import Totals
from crm.ui import access, cards, navigation
from crm.ui.format import day, money, plain
from crm.ui.sales import invoice_sums, line_table, line_totals

LOOKS: dict[InvoiceState, tuple[str, Any]] = {
    InvoiceState.OPEN: ("schedule", "blue"),
    InvoiceState.PARTLY_PAID: ("timelapse", "blue"),
    InvoiceState.OVERDUE: ("warning", "red"),
    InvoiceState.PAID: ("check_circle", "green"),
    InvoiceState.CREDITED: ("undo", "gray"),
    InvoiceState.CREDIT_NOTE: ("undo", "gray"),
}


def badge(one: Invoice) -> None:
    """Where it stands today."""
    state = state_of(one, today())
    icon, color = LOOKS[state]
    st.badge(_(INVOICE_STATES[state.value]), icon=f":material/{icon}:", color=color)


def facts(one: Invoice) -> None:
    """To whom, where it stands, when it is due, how much is left."""
    badge(one)
    is_invoice = one.kind is InvoiceKind.INVOICE
    with st.grid(4, min_column_width=180):
        st.metric(_("Date"), day(one.issued_on), border=True)
        if is_invoice:
            st.metric(_("Due on"), day(one.due_on), border=True)
        cards.amount(_("Total"), one.total, one.currency)
        if is_invoice:
            cards.amount(_("Left to pay"), one.balance, one.currency)
    if one.balance < 0:
        words = _(
            "{amount} came in too much and stand in the customer's favour. Once paid "
            "back, record that as a payment below zero."
        )
        told = words.format(amount=money(-one.balance, one.currency))
        st.info(plain(told), icon=":material/savings:")
    if one.terms and not is_invoice:
        st.caption(plain(_("Reason: {reason}").format(reason=one.terms)))


def links(one: Invoice, others: Mapping[str, tuple[int, str]]) -> None:
    """The customer, and what it hangs together with: a page, an id, a name each."""
    icons = {"order": "receipt", "quote": "request_quote", "invoice": "receipt_long"}
    with st.container(horizontal=True, gap="medium"):
        navigation.link(
            "customer", one.customer.name, icon=":material/person:", id=one.customer_id
        )
        for slug, (key, label) in others.items():
            navigation.link(slug, label, icon=f":material/{icons[slug]}:", id=key)


def lines(one: Invoice, products: Mapping[int, Product]) -> None:
    """What is charged, line by line, and the sums."""
    frame = line_table.frame(one.lines, products)
    if not frame["discount"].any():
        frame = frame.drop(columns="discount")
    columns = line_table.config(one.currency, one.lines)
    st.dataframe(frame, hide_index=True, column_config=columns)
    line_totals.show(Totals(one.net, taxes(one)), one.currency)


def rows(found: Sequence[Invoice]) -> None:
    """Invoices and credit notes, one below the other."""
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(width="stretch", gap=None):
                navigation.link("invoice", one.number, id=one.id)
                st.caption(plain(_about(one)))
            badge(one)


def _about(one: Invoice) -> str:
    told = [day(one.issued_on), money(one.total, one.currency)]
    if one.balance and one.balance != one.total:
        left = _("{amount} left to pay")
        told.append(left.format(amount=money(one.balance, one.currency)))
    if one.balance > 0:
        told.append(_("due {day}").format(day=day(one.due_on)))
    return " · ".join(told)


def of_customer(customer_id: int) -> None:
    """What is open with a customer, and the latest invoices."""
    actor = access.current()
    if not actor.may(Action.READ, "invoice"):
        return
    with db.reading(actor) as session:
        found = invoices.of_customer(session, customer_id)
    if not found:
        st.caption(_("No invoices yet."))
        return
    invoice_sums.show(customer_id)
    rows(found)
