"""What the demo company may invoice: its orders of the last months, and their lines."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.demo import writing
from crm.demo.company import DemoCompany
from crm.demo.invoices import SINCE
from crm.demo.rows import table_of
from crm.models import Customer, CustomerKind, Order, OrderLine, OrderStatus

SCALE = 10_000
COLUMNS = (
    "order_id", "number", "kind", "of", "is_person", "ordered_on", "net", "tax",
    "customer_id", "currency",
)  # fmt: skip


def orders(session: Session, company: DemoCompany) -> pd.DataFrame:
    """What `draw_bills` takes, and `order_id`, `customer_id`, `currency`."""
    o, c = Order, Customer
    since = datetime.combine(company.today - timedelta(days=SINCE), time(), UTC)
    found = (
        select(
            col(o.id), col(o.number), col(o.kind), col(c.kind), col(o.ordered_at),
            col(o.total), col(o.tax), col(o.customer_id), col(o.currency),
        )
        .join(Customer, col(c.id) == col(o.customer_id))
        .where(
            col(c.import_id) == writing.run_of(session),
            col(o.ordered_at) >= since,
            col(o.status) == OrderStatus.CONFIRMED,
        )
        .order_by(col(o.ordered_at), col(o.id))
    )  # fmt: skip
    back = company.orders[company.orders["returns_number"] != ""]
    of = dict(zip(back["number"], back["returns_number"], strict=True))
    rows = [
        (
            key, number, kind.value, of.get(number, ""), whom is CustomerKind.PERSON,
            at.date(), int(net * SCALE), int(tax * SCALE), customer, currency,
        )
        for key, number, kind, whom, at, net, tax, customer, currency in (
            session.execute(found)
        )
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lines(session: Session, order_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The lines of orders as plain rows, by the order and in their order."""
    known = table_of(OrderLine).c
    found = select(*known).where(db.ids_in(known.order_id, order_ids))
    by_order: dict[int, list[dict[str, Any]]] = defaultdict(list)
    ordered = found.order_by(known.order_id, known.position)
    for row in session.connection().execute(ordered).mappings():
        by_order[row["order_id"]].append(dict(row))
    return by_order
