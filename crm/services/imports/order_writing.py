"""What was planned about orders, written: customers, products, orders, lines."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.models import Customer, Order, OrderKind, OrderLine, OrderStatus, Product
from crm.models.search import search_key
from crm.services.documents import invoiced
from crm.services.imports import bulk, order_links
from crm.services.imports.attached import add_custom
from crm.services.imports.order_lines import Ints, Part
from crm.services.imports.order_rows import OrderPlan
from crm.services.imports.order_worth import worth
from crm.services.imports.record_writing import Tally


def write_orders(
    session: Session, plan: OrderPlan, import_id: int, currency: str | None
) -> tuple[Tally, Tally]:
    """Write what is planned; records made and changed, by table. Orders that name no
    currency get `currency`, else that of the books.

    Raises:
        Forbidden: the actor may not make or change such records.
        Duplicate: somebody else has just taken a unique value.
    """
    made = {"customer": len(plan.customers.new), "product": len(plan.products.new)}
    customers, n_walk_ins = _customers(session, plan, import_id)
    products = _new(session, plan, import_id, Product)
    ids = _orders(session, plan, customers, import_id, currency or settings().currency)
    n_lines = _lines(session, plan, products, ids)
    _set_status(session, plan.changes)
    made["customer"] += n_walk_ins
    made |= {"sales_order": len(ids), "order_line": n_lines}
    return made, {"sales_order": len(plan.changes)}


def _customers(session: Session, plan: OrderPlan, import_id: int) -> tuple[Ints, int]:
    """The customer of each order of the batch; how many walk-ins had to be made."""
    customers = _new(session, plan, import_id, Customer)
    nobody, made = customers == order_links.NOBODY, False
    if nobody[plan.orders["place"]].any():
        customers[nobody], made = order_links.walk_in_of(session, import_id)
    return customers, int(made)


def _new(session: Session, plan: OrderPlan, import_id: int, table: Any) -> Ints:
    """The ids of customers or products, new ones made."""
    links = plan.customers if table is Customer else plan.products
    at, given = db.pending_of(session).at, {"import_id": import_id}
    if table is Customer:
        given["owner_id"] = db.actor_of(session).user_id or 0
    rows = [bulk.prepared(table, {**new, **given}, at) for new in links.new]
    return links.resolved(bulk.insert_records(session, table, rows, import_id))


def _orders(
    session: Session, plan: OrderPlan, customers: Ints, import_id: int, currency: str
) -> list[int]:
    """Insert the orders; their ids, in order."""
    made, lines = plan.orders, plan.lines
    if made.empty:
        return []
    n, place = len(made), made["place"].to_numpy()
    now = bulk.instants(
        session, np.array([bulk.microseconds(db.pending_of(session).at)])
    )
    currencies = _said(lines.orders, "currency", place, currency)
    moments, totals = lines.moment[lines.first[place]], made["total"].to_numpy()
    ids = bulk.insert_columns(
        session,
        Order,
        {
            "number": made["number"].to_list(),
            "number_key": made["number"].to_list(),
            "search_key": [search_key(number) for number in made["number"]],
            "customer_id": customers[place].tolist(),
            "kind": [_KINDS[part] for part in made["part"]],
            "status": _said(lines.orders, "status", place, OrderStatus.CONFIRMED.value),
            "currency": currencies,
            "ordered_at": bulk.instants(session, moments),
            "total": bulk.amounts(session, totals),
            **worth(session, currencies, moments, totals),
            "import_id": [import_id] * n,
            "created_at": now * n,
            "updated_at": now * n,
            "version": [1] * n,
        },
        import_id,
    )
    custom = [name for name in lines.orders if name.startswith("x_")]
    if custom:
        _custom(session, plan, ids, custom)
    return ids


def _custom(
    session: Session, plan: OrderPlan, ids: list[int], names: list[str]
) -> None:
    """Custom values go to the order that keeps the number."""
    leads = plan.orders["leads"].to_numpy()
    said = plan.lines.orders
    given = [
        {name: said[name][place] for name in names if said[name][place] is not None}
        for place in plan.orders["place"][leads]
    ]
    add_custom(session, "sales_order", np.array(ids)[leads].tolist(), given)


def _lines(session: Session, plan: OrderPlan, products: Ints, ids: list[int]) -> int:
    """Insert the lines; how many."""
    lines, written = plan.lines, plan.line_of >= 0
    if not ids:
        return 0
    order = plan.line_of[written]
    position = pd.Series(order).groupby(order).cumcount().to_numpy() + 1
    same = pc.fill_null(pc.equal(lines.name, plan.product_names), False)
    described = pc.if_else(same, None, lines.name).filter(pa.array(written))
    bulk.insert_plain(
        session,
        OrderLine,
        {
            "order_id": np.array(ids, dtype=np.int64)[order].tolist(),
            "position": position.tolist(),
            "product_id": products[written].tolist(),
            "description": described.to_pylist(),
            "quantity": bulk.amounts(session, lines.quantity[written]),
            "unit_price": bulk.amounts(session, lines.unit_price[written]),
            "amount": bulk.amounts(session, lines.amount[written]),
        },
    )
    return int(written.sum())


def _set_status(session: Session, changes: dict[int, OrderStatus]) -> None:
    """Through the session, so that the change log keeps what was there before."""
    cancelled = [key for key, status in changes.items() if status == "cancelled"]
    invoiced.require_free(session, cancelled)
    for some in db.chunked(list(changes)):
        for order in session.scalars(select(Order).where(col(Order.id).in_(some))):
            order.status = changes[order.id]
    session.flush()


def _said(
    orders: Mapping[str, Any], name: str, place: Ints, otherwise: str
) -> list[Any]:
    """What the orders at `place` say about `name`."""
    if name not in orders:
        return [otherwise] * len(place)
    return [otherwise if value is None else value for value in orders[name][place]]


_KINDS = {part.value: OrderKind(part.kind).value for part in Part}
