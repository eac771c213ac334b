"""The parts of a quote's page, and those of a customer and of an opportunity."""

from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Opportunity, Order, Product, Quote, QuoteStatus
from crm.services.days import today
from crm.services.documents import quotes
from crm.services.documents.quote_fields import LAPSED, QUOTE_STATES, state
from crm.services.prices.pricing import totals
from crm.services.prices.products import products_of
from crm.ui import access, cards, navigation
from crm.ui.format import day, moment, money, plain, whole_moment, whose_times
from crm.ui.sales import line_table, line_totals

LOOKS = {
    QuoteStatus.DRAFT.value: ("edit_note", "gray"),
    QuoteStatus.SENT.value: ("outgoing_mail", "blue"),
    QuoteStatus.ACCEPTED.value: ("check_circle", "green"),
    QuoteStatus.DECLINED.value: ("cancel", "red"),
    QuoteStatus.REPLACED.value: ("history", "gray"),
    LAPSED: ("timer_off", "orange"),
}


def facts(row: Quote, order: Order | None) -> None:
    """Whose it is, how far, until when it is valid, what it comes to."""
    with st.container(horizontal=True, gap="small"):
        links(row, order)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(row)
        version = _("Version {n}").format(n=row.revision)
        st.badge(plain(version), icon=":material/layers:", color="gray")
        if row.status is QuoteStatus.DRAFT and row.has_lapsed(today()):
            st.badge(_("Its last day has passed"), color="orange")
        if row.answered_at:
            told = [row.answered_by, moment(row.answered_at), row.answer_note]
            st.caption(plain(" · ".join(filter(None, told))), help=whose_times())
    with st.grid(4, min_column_width=190):
        cards.amount(_("Total"), row.total, row.currency)
        st.metric(_("Date"), plain(day(row.issued_on)), border=True)
        st.metric(_("Valid until"), plain(day(row.valid_until)), border=True)
        hint = whole_moment(row.sent_at) if row.sent_at else None
        st.metric(_("Sent"), plain(day(row.sent_at)), border=True, help=hint)


def links(row: Quote, order: Order | None) -> None:
    """The customer, the opportunity, the order that was made of it."""
    navigation.link(
        "customer", row.customer.name, icon=":material/person:", id=row.customer_id
    )
    if row.opportunity_id:
        navigation.link(
            "opportunity",
            _("Opportunity"),
            icon=":material/handshake:",
            id=row.opportunity_id,
        )
    if order:
        words = _("Order {number}").format(number=order.number)
        navigation.link("order", words, icon=":material/receipt:", id=order.id)


def badge(row: Quote) -> None:
    """How far a quote is, in words, with a sign and a colour."""
    at = state(row, today())
    icon, shade = LOOKS[at]
    color: Any = shade
    st.badge(_(QUOTE_STATES[at]), icon=f":material/{icon}:", color=color)


def paper(row: Quote) -> None:
    """What stands on it: text, lines, sums, terms."""
    if row.intro:
        st.text(row.intro)
    with db.reading(access.current()) as session:
        products = products_of(session, row.lines)
    lines(row, products)
    line_totals.show(totals(row.lines, row.currency), row.currency)
    if row.terms:
        st.subheader(_("Terms"))
        st.text(row.terms)


def lines(row: Quote | Opportunity, products: dict[int, Product]) -> None:
    """The lines as a table; discount and tax in percent."""
    held = line_table.frame(row.lines, products)
    st.dataframe(
        held,
        hide_index=True,
        height="content" if len(held) <= 20 else 700,
        key="quote_lines",
        column_config=line_table.config(row.currency, row.lines),
    )


def of_customer(customer_id: int) -> None:
    """The quotes to a customer, and a way to write one more."""
    if not access.current().may(Action.READ, "quote"):
        return
    with db.reading(access.current()) as session:
        found = quotes.of_customer(session, customer_id)
    _listed(found)
    new(customer=customer_id)


def of_opportunity(opportunity_id: int) -> None:
    """The quotes for an opportunity, and a way to write one of its lines."""
    if not access.current().may(Action.READ, "quote"):
        return
    with db.reading(access.current()) as session:
        found = quotes.of_opportunity(session, opportunity_id)
    st.subheader(_("Quotes"))
    _listed(found)
    new(opportunity=opportunity_id)


def new(**about: int) -> None:
    """The button to write a quote to a customer, or for an opportunity."""
    if access.current().may(Action.CREATE, "quote"):
        st.button(
            _("New quote"),
            icon=":material/request_quote:",
            key="quote_new",
            on_click=navigation.go,
            args=["quote"],
            kwargs=about,
        )


def _listed(found: list[Quote]) -> None:
    if not found:
        st.caption(_("No quotes yet."))
    for row in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(width="stretch", gap=None):
                navigation.link("quote", row.number, id=row.id)
                told = [
                    _("Version {n}").format(n=row.revision),
                    money(row.total, row.currency),
                    day(row.issued_on),
                ]
                st.caption(plain(" · ".join(told)))
            badge(row)
