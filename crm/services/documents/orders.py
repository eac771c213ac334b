"""Orders: what was bought, and what of that stays as it was agreed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, NotFound
from crm.i18n import _
from crm.models import (
    Action,
    Customer,
    Opportunity,
    Order,
    OrderChanges,
    OrderFields,
    OrderKind,
    OrderLine,
    OrderLineFields,
    OrderStatus,
    Product,
)
from crm.services import days, records
from crm.services.admin import custom_fields
from crm.services.documents import invoiced
from crm.services.money import exchange
from crm.services.prices import products
from crm.services.prices.pricing import (
    currency_code,
    line_amount,
    refuse_negative_sale,
    totals,
)


def create(
    session: Session, form: OrderFields, *, custom: dict[str, Any] | None = None
) -> Order:
    """Record an order with its lines.

    Raises:
        NotFound: the customer, the opportunity or a product does not exist.
        Invalid: quantities that do not go with the kind of order, an opportunity of
            another customer, a time without a zone, an unknown currency, an amount
            out of range, or a custom value that does not fit.
        Duplicate: another order has the same number.
    """
    db.get(session, Customer, form.customer_id)
    records.check_kin(session, form, "opportunity_id", Opportunity)
    products.require(session, {line.product_id for line in form.lines})
    for line in form.lines:
        _check_sign(form.kind, line)
    lines = [_line(position, line) for position, line in enumerate(form.lines, 1)]
    currency = currency_code(form.currency)
    sums = totals(lines, currency)
    if form.kind is OrderKind.SALE:
        refuse_negative_sale(sums)
    order = Order(
        **form.model_dump(exclude={"lines", "currency", "ordered_at"}),
        ordered_at=_moment(form.ordered_at),
        currency=currency,
        total=sums.net,
        tax=sums.tax,
        lines=lines,
    )
    exchange.price(session, order, days.day_of(order.ordered_at))
    session.add(order)
    session.flush()
    custom_fields.store(session, "sales_order", order.id, custom or {})
    return order


def set_status(
    session: Session, order_id: int, status: OrderStatus, *, version: int | None = None
) -> Order:
    """Cancel an order, or confirm it again.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
    """
    return update(session, order_id, {"status": status}, version=version)


def update(
    session: Session,
    order_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Order:
    """Change what is not agreed with the customer: the status, and custom values.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: another field, or a value that does not fit.
        RuleBroken: it is to be cancelled, and something of it is invoiced.
    """
    order = db.get(session, Order, order_id)
    records.expect(order, version)
    if changes.get("status") == OrderStatus.CANCELLED:
        invoiced.require_free(session, [order_id])
    records.change(order, OrderChanges, changes)
    custom_fields.change_of(session, order, custom or {})
    session.flush()
    return order


def remove(session: Session, order_id: int, *, version: int | None = None) -> Order:
    """Put an order into the recycle bin.

    Raises:
        NotFound: it does not exist.
        RuleBroken: something of it is invoiced.
    """
    order = db.get(session, Order, order_id)
    invoiced.require_free(session, [order_id])
    records.bin_(session, order, version=version)
    return order


def order(session: Session, order_id: int) -> Order:
    """One order with its lines and its customer.

    Raises:
        NotFound: it does not exist.
    """
    statement = (
        select(Order)
        .where(col(Order.id) == order_id)
        .options(selectinload(Order.lines), joinedload(Order.customer))
    )
    if (found := session.scalars(statement).unique().first()) is None:
        raise NotFound(Order, order_id)
    return found


def of_customer(session: Session, customer_id: int, *, limit: int = 25) -> list[Order]:
    """The latest orders of a customer, newest first."""
    statement = (
        select(Order)
        .where(col(Order.customer_id) == customer_id)
        .order_by(col(Order.ordered_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def last_sale_on(session: Session, until: date) -> date | None:
    """The day of the latest confirmed sale in reach, up to `until`.

    None where there is none, or the actor may not read orders.
    """
    if not db.actor_of(session).may(Action.READ, "sales_order"):
        return None
    statement = (
        select(col(Order.ordered_at))
        .where(
            col(Order.kind) == OrderKind.SALE,
            col(Order.status) == OrderStatus.CONFIRMED,
            col(Order.ordered_at) < days.start_of(until + timedelta(days=1)),
        )
        .order_by(col(Order.ordered_at).desc())
        .limit(1)
    )
    found = session.scalar(statement)
    return None if found is None else days.day_of(found)


def bought(
    session: Session, customer_id: int, *, limit: int = 10
) -> list[tuple[str, str, Decimal, Decimal | None]]:
    """What a customer buys most: SKU, name, quantity, amount, by amount.

    Amounts are in the book currency; None where some order has no rate to it.
    """
    statement = (
        select(
            col(Product.id),
            col(Product.sku),
            col(Product.name),
            col(Order.currency),
            col(Order.rate),
            func.sum(col(OrderLine.quantity)),
            func.sum(col(OrderLine.amount)),
        )
        .select_from(OrderLine)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(Product, col(Product.id) == col(OrderLine.product_id))
        .where(
            col(Order.customer_id) == customer_id,
            col(Order.status) == OrderStatus.CONFIRMED,
        )
        .group_by(
            col(Product.id),
            col(Product.sku),
            col(Product.name),
            col(Order.currency),
            col(Order.rate),
        )
        .order_by(col(Product.id))
    )
    found: dict[int, tuple[str, str, Decimal, Decimal | None]] = {}
    for key, sku, name, currency, rate, quantity, amount in session.execute(statement):
        *_named, before, worth = found.get(key, (sku, name, Decimal(0), Decimal(0)))
        more = exchange.worth(amount, currency, rate)
        total = None if worth is None or more is None else worth + more
        found[key] = (sku, name, before + quantity, total)
    most = sorted(found.values(), key=lambda one: (one[3] is None, -(one[3] or 0)))
    return most[:limit]


def _line(position: int, form: OrderLineFields) -> OrderLine:
    return OrderLine(
        position=position,
        amount=line_amount(form.quantity, form.unit_price, form.discount),
        **form.model_dump(),
    )


def _check_sign(kind: OrderKind, line: OrderLineFields) -> None:
    if kind is OrderKind.SALE and line.quantity <= 0:
        raise Invalid(_("The quantity of a sale is above zero."), field="quantity")
    if kind in (OrderKind.RETURN, OrderKind.CANCELLATION) and line.quantity >= 0:
        raise Invalid(
            _("The quantity of a return or cancellation is below zero."),
            field="quantity",
        )


def _moment(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Invalid(_("The time of an order needs its zone."), field="ordered_at")
    return records.usual_year(at, field="ordered_at")
