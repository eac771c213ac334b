"""The parts of an order's page."""

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import Action, Order, OrderStatus, Product
from crm.services import orders
from crm.services.fields import ORDER_KINDS, ORDER_STATES
from crm.ui import access, feedback, navigation
from crm.ui.format import cell, moment, money


def facts(order: Order) -> None:
    """Whose order, when, of what kind, how much."""
    navigation.link(
        "customer", order.customer.name, icon=":material/person:", id=order.customer_id
    )
    with st.grid(4, min_column_width=140):
        st.metric(_("Ordered"), moment(order.ordered_at), border=True)
        st.metric(_("Kind"), _(ORDER_KINDS[order.kind.value]), border=True)
        st.metric(_("Status"), _(ORDER_STATES[order.status.value]), border=True)
        st.metric(_("Total"), money(order.total, order.currency), border=True)


def lines(order: Order, products: dict[int, Product]) -> None:
    """The lines: product, quantity, unit price, amount."""
    rows = [
        (
            products[line.product_id].sku,
            line.description or products[line.product_id].name,
            cell(line.quantity),
            cell(line.unit_price),
            cell(line.amount),
        )
        for line in order.lines
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows, columns=["sku", "name", "quantity", "price", "amount"]),
        hide_index=True,
        column_config={
            "sku": _("SKU"),
            "name": _("Product"),
            "quantity": number(_("Quantity"), format="localized"),
            "price": number(_("Unit price"), format="localized"),
            "amount": number(_("Amount"), format="localized"),
        },
    )


def status(order: Order) -> None:
    """Cancel the order, or confirm it again."""
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
