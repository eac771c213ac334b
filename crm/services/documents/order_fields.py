"""The fields of orders, for the register of `crm.services.fields`."""

from typing import Any

from sqlalchemy import and_
from sqlmodel import col

from crm.i18n import N_
from crm.models import Order, OrderKind, OrderStatus
from crm.services.field_kinds import Field, Kind, imported, text

ORDER_KINDS = {
    OrderKind.SALE.value: N_("Sale"),
    OrderKind.RETURN.value: N_("Return"),
    OrderKind.CANCELLATION.value: N_("Cancellation"),
    OrderKind.ADJUSTMENT.value: N_("Adjustment"),
}
ORDER_STATES = {
    OrderStatus.CONFIRMED.value: N_("Confirmed"),
    OrderStatus.CANCELLED.value: N_("Cancelled"),
}


def is_sale(order: Any = Order) -> Any:
    """Whether an order is a confirmed sale; `order` may be the columns of the table."""
    return and_(
        order.status == OrderStatus.CONFIRMED,
        order.kind == OrderKind.SALE,
        order.deleted_at.is_(None),
    )


def _fields() -> tuple[Field, ...]:
    o = Order
    return (
        text(
            "number",
            N_("Number"),
            o.number,
            key=o.search_key,
            shown=True,
            editable=False,
        ),
        Field(
            "customer_id",
            N_("Customer"),
            Kind.CUSTOMER,
            o.customer_id,
            shown=True,
            editable=False,
        ),
        Field(
            "ordered_at",
            N_("Ordered"),
            Kind.MOMENT,
            o.ordered_at,
            o.ordered_at,
            editable=False,
            shown=True,
        ),
        Field(
            "kind",
            N_("Kind"),
            Kind.CHOICE,
            o.kind,
            o.kind,
            choices=ORDER_KINDS,
            editable=False,
            shown=True,
        ),
        Field(
            "status",
            N_("Status"),
            Kind.CHOICE,
            o.status,
            o.status,
            choices=ORDER_STATES,
            shown=True,
        ),
        Field(
            "total_with_tax",
            N_("Total with tax"),
            Kind.MONEY,
            col(o.total) + col(o.tax),
            col(o.total) + col(o.tax),
            editable=False,
            shown=True,
        ),
        Field(
            "total",
            N_("Total without tax"),
            Kind.MONEY,
            o.total,
            o.total,
            editable=False,
        ),
        Field("tax", N_("Tax"), Kind.MONEY, o.tax, o.tax, editable=False),
        text("currency", N_("Currency"), o.currency, editable=False, shown=True),
        imported(o.import_id),
    )


ORDER_FIELDS = _fields()
