"""The orders of the demo company into the database."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.demo import money_taxes, writing
from crm.demo.company import DemoCompany
from crm.demo.rows import amount, prepared
from crm.models import Order, OrderLine

PIECE = 5_000  # orders in one transaction

Line = tuple[str, int, int]  # SKU, quantity, price in ten-thousandths
Part = tuple[str, Callable[[Session], Any]]


def parts(company: DemoCompany) -> list[Part]:
    """The orders with their lines and taxes, some thousand at a time."""
    percent = money_taxes.rates(company.products)
    tax = money_taxes.of_orders(company.orders, company.order_lines, percent)
    orders = company.orders.assign(tax=tax.to_numpy())
    shares = {sku: Decimal(int(rate)).scaleb(-2) for sku, rate in percent.items()}
    lines = _by_order(company.order_lines)
    return [
        (f"order {start}", _writing(orders.iloc[start : start + PIECE], lines, shares))
        for start in range(0, len(orders), PIECE)
    ]


def ids_by_number(session: Session, numbers: list[str]) -> dict[str, int]:
    """The ids of orders of the demo company."""
    run = writing.run_of(session)
    found: dict[str, int] = {}
    for piece in db.chunked(numbers):
        mine = select(col(Order.number), col(Order.id)).where(
            col(Order.import_id) == run, col(Order.number).in_(piece)
        )
        found |= {row[0]: row[1] for row in session.execute(mine)}
    return found


def _by_order(table: pd.DataFrame) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    columns = ("order_number", "sku", "quantity", "unit_price")
    for number, *line in zip(*(table[name].tolist() for name in columns), strict=True):
        found[number].append((line[0], line[1], line[2]))
    return found


def _writing(
    orders: pd.DataFrame, lines: dict[str, list[Line]], shares: dict[str, Decimal]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = writing.run_of(session)
        customers = writing.customer_ids(session, run)
        products = writing.product_ids(session)
        made = [
            _order(row, customers, lines[row["number"]]) | {"import_id": run}
            for row in orders.to_dict("records")
        ]
        written = writing.batch(session, Order, made, run)
        ids = ids_by_number(session, orders["number"].tolist())
        rows = [
            _line(place, line, products, shares) | {"order_id": ids[number]}
            for number in orders["number"]
            for place, line in enumerate(lines[number], 1)
        ]
        writing.lines(session, OrderLine, rows)
        return written

    return write


def _order(
    row: dict[str, Any], customers: dict[str, int], lines: list[Line]
) -> dict[str, Any]:
    at = row["ordered_at"].to_pydatetime()
    total = sum(quantity * price for _sku, quantity, price in lines)
    order = {
        "number": row["number"],
        "customer_id": customers[row["customer_external_id"]],
        "kind": row["kind"],
        "status": row["status"],
        "ordered_at": at,
        "currency": settings().currency,
        "rate": Decimal(1),
        "rate_on": at.date(),
        "total": amount(total),
        "tax": amount(row["tax"]),
    }
    return prepared(Order, order, at)


def _line(
    place: int, line: Line, products: dict[str, int], shares: dict[str, Decimal]
) -> dict[str, Any]:
    sku, quantity, price = line
    return {
        "position": place,
        "product_id": products[sku],
        "quantity": Decimal(quantity),
        "unit_price": amount(price),
        "tax_rate": shares[sku],
        "amount": amount(quantity * price),
    }
