"""The parts of an order's page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from crm.i18n import _
from crm.models import (
    Action,
    Invoice,
    InvoiceKind,
    Order,
    OrderKind,
    OrderStatus,
    Product,
)
from crm.services.documents import orders
from crm.services.fields import ORDER_KINDS, ORDER_STATES
from crm.services.prices.pricing import Totals, totals
from crm.ui import access, cards, feedback, navigation
from crm.ui.format import cell, day, money, plain, whole_moment
from crm.ui.sales import (
    invoice_credit,
    invoice_issue,
    invoice_view,
    line_table,
    line_totals,
)


def facts(order: Order, quote: str | None) -> None:
    """Whose order, when, of what kind, how much; the quote that it was."""
    with st.container(horizontal=True, gap="medium"):
        navigation.link(
            "customer", order.customer.name, icon=":material/person:",
            id=order.customer_id,
        )  # fmt: skip
        if quote:
            label = _("Quote {number}").format(number=quote)
            navigation.link(
                "quote", label, icon=":material/request_quote:", id=order.quote_id
            )
    with st.grid(4, min_column_width=180):
        at = order.ordered_at
        st.metric(_("Ordered"), day(at), border=True, help=whole_moment(at))
        st.metric(_("Kind"), _(ORDER_KINDS[order.kind.value]), border=True)
        st.metric(_("Status"), _(ORDER_STATES[order.status.value]), border=True)
        cards.amount(
            _("Total with tax"),
            order.total_with_tax,
            order.currency,
            help=_("Without tax {amount}").format(
                amount=plain(money(order.total, order.currency))
            ),
        )


def lines(
    order: Order, products: dict[int, Product], left: Mapping[int, Decimal]
) -> None:
    """The lines: product, quantity, price, discount, tax, amount, what is invoiced."""
    invoiced = [cell(line.quantity - left[line.id]) for line in order.lines]
    frame = line_table.frame(order.lines, products).assign(invoiced=invoiced)
    unused = [name for name in ("discount", "tax") if not frame[name].any()]
    if order.kind is not OrderKind.SALE:
        unused.append("invoiced")
    st.dataframe(
        frame.drop(columns=unused),
        hide_index=True,
        column_config=line_table.config(order.currency, order.lines),
    )
    if order.tax:
        line_totals.show(_sums(order), order.currency)


def actions(
    order: Order,
    products: Mapping[int, Product],
    left: Mapping[int, Decimal],
    found: Sequence[Invoice],
) -> None:
    """Invoice it, take goods back, cancel it or confirm it again."""
    actor = access.current()
    open_ = order.kind is OrderKind.SALE and order.status is OrderStatus.CONFIRMED
    may = actor.may(Action.CREATE, "invoice")
    creditable = [
        one
        for one in found
        if one.kind is InvoiceKind.INVOICE and one.total + one.credited > 0
    ]
    with st.container(horizontal=True):
        if open_ and may and any(left.values()):
            invoice_issue.button(order)
        if order.kind is OrderKind.SALE and may and creditable:
            invoice_credit.button(_("Return or credit"), key="order_credit")
        _status(order)
    invoice_issue.show(order, products)
    invoice_credit.show(creditable)


def documents(found: Sequence[Invoice]) -> None:
    """Its invoices and credit notes."""
    if access.current().may(Action.READ, "invoice"):
        st.subheader(_("Invoices"))
        if not found:
            st.caption(_("Nothing is invoiced yet."))
        invoice_view.rows(found)


def _sums(order: Order) -> Totals:
    return totals(order.lines, order.currency)


def _status(order: Order) -> None:
    if not access.current().may(Action.UPDATE, "sales_order"):
        return
    cancelled = order.status is OrderStatus.CANCELLED
    target = OrderStatus.CONFIRMED if cancelled else OrderStatus.CANCELLED
    st.button(
        _("Confirm again") if cancelled else _("Cancel order"),
        key="order_status",
        on_click=_set,
        args=[order.id, target, order.version, order.number],
    )


def _set(order_id: int, target: OrderStatus, version: int, number: str) -> None:
    done = _("Order {number} is {status}.").format(
        number=number, status=_(ORDER_STATES[target.value]).lower()
    )
    feedback.run(done, orders.set_status, order_id, target, version=version)
