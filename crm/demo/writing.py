"""The rows of the demo company into the database, in batches that the log knows."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.demo import opportunity_rows
from crm.demo.rows import amount, prepared, table_of
from crm.models import (
    Customer,
    ImportRun,
    Opportunity,
    Order,
    OrderLine,
    Product,
    Record,
    StageChange,
    Tag,
    Tagging,
    User,
    utcnow,
)
from crm.services import pipelines

TARGET = "demo"


def opportunities(session: Session, table: pd.DataFrame) -> int:
    """All of them, each with its moves through the usual pipeline."""
    pipelines.ensure(session)
    stages = pipelines.stages(session, pipelines.listed(session)[0].id)
    run = run_of(session)
    owners, customers = _users(session), _customer_ids(session, run)
    made, moves = [], []
    for row in table.to_dict("records"):
        way = opportunity_rows.moves(row)
        owned = {
            "customer_id": customers[row["customer_external_id"]],
            "owner_id": owners.get(row["owner"]),
            "import_id": run,
        }
        given = opportunity_rows.record(row, stages) | owned
        made.append(prepared(Opportunity, given, way[0][1]))
        moves.append((way, owned["owner_id"]))
    written = _batch(session, Opportunity, made, run)
    mine = select(col(Opportunity.id)).where(col(Opportunity.import_id) == run)
    ids = session.scalars(mine.order_by(col(Opportunity.id))).all()
    ready = []
    for key, (way, by) in zip(ids, moves, strict=True):
        before = None
        for place, at in way:
            to = stages[place].id
            link = {"opportunity_id": key, "from_stage_id": before, "to_stage_id": to}
            move = link | {"at": at, "by_id": by}
            ready.append(prepared(StageChange, move, at))
            before = to
    return written + _batch(session, StageChange, ready, run)


def inserting(
    table: type[Record], rows: list[dict[str, Any]]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = run_of(session)
        owners, customers = _users(session), _customer_ids(session, run)
        products = _product_ids(session)
        ready = []
        for given in rows:
            row = dict(given)
            if "_owner" in row:
                row["owner_id"] = owners.get(row.pop("_owner"))
            if "_customer" in row:
                row["customer_id"] = customers.get(row.pop("_customer"))
            if "_product" in row:
                row["product_id"] = products[row.pop("_product")]
            if "_parent" in row:
                row["parent_id"] = customers.get(row.pop("_parent"))
            if "import_id" in row:
                row["import_id"] = run
            ready.append(row)
        return _batch(session, table, ready, run)

    return write


def ordering(
    orders: pd.DataFrame, lines: dict[str, pd.DataFrame]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = run_of(session)
        customers = _customer_ids(session, run)
        products = _product_ids(session)
        made, kept = [], {}
        for row in orders.to_dict("records"):
            amounts = _lines(lines[row["number"]], products)
            kept[row["number"]] = amounts
            at = row["ordered_at"].to_pydatetime()
            order = {
                "number": row["number"],
                "customer_id": customers[row["customer_external_id"]],
                "kind": row["kind"],
                "status": row["status"],
                "ordered_at": at,
                "currency": settings().currency,
                "total": sum((one["amount"] for one in amounts), Decimal(0)),
            }
            made.append(prepared(Order, order, at) | {"import_id": run})
        written = _batch(session, Order, made, run)
        ids: dict[str, int] = {}
        for piece in db.chunked(list(kept)):
            numbers = select(col(Order.number), col(Order.id)).where(
                col(Order.import_id) == run, col(Order.number).in_(piece)
            )
            ids |= {row[0]: row[1] for row in session.execute(numbers)}
        rows = [
            line | {"order_id": ids[number]}
            for number, amounts in kept.items()
            for line in amounts
        ]
        session.connection().execute(insert(table_of(OrderLine)), rows)
        return written

    return write


def _lines(table: pd.DataFrame, products: dict[str, int]) -> list[dict[str, Any]]:
    columns = (table["sku"], table["quantity"], table["unit_price"])
    return [
        {
            "position": position,
            "product_id": products[sku],
            "quantity": Decimal(int(quantity)),
            "unit_price": amount(price),
            "amount": amount(int(quantity) * int(price)),
        }
        for position, (sku, quantity, price) in enumerate(zip(*columns, strict=True), 1)
    ]


def _batch(
    session: Session, table: type[Record], rows: list[dict[str, Any]], run: int | None
) -> int:
    """Insert rows past the session, and log them as one batch."""
    connection, key = session.connection(), table_of(table).c.id
    newest = select(key).order_by(key.desc()).limit(1)
    before = connection.scalar(newest) or 0
    connection.execute(insert(table_of(table)), rows)
    after = connection.scalar(newest) or 0
    name = str(table.__tablename__)
    db.record_batch(session, name, before + 1, after, len(rows), import_id=run)
    return len(rows)


def tags(session: Session, customers: pd.DataFrame) -> int:
    ids = _customer_ids(session, run_of(session))
    pairs = [
        (name, ids[external])
        for external, names in zip(
            customers["external_id"], customers["tags"], strict=True
        )
        for name in filter(None, names.split(";"))
    ]
    colors = ("violet", "blue", "green", "orange", "red", "gray")
    there = {tag.name: tag for tag in session.scalars(select(Tag))}
    for number, name in enumerate(sorted({name for name, _id in pairs})):
        if name not in there:
            there[name] = Tag(name=name, color=colors[number % len(colors)])
            session.add(there[name])
    session.flush()
    at = utcnow()
    rows = [
        {
            "tag_id": there[name].id,
            "entity": "customer",
            "record_id": record_id,
            "created_at": at,
            "updated_at": at,
            "version": 1,
        }
        for name, record_id in pairs
    ]
    return _batch(session, Tagging, rows, None) if rows else 0


def run_of(session: Session) -> int | None:
    """The number of the import that stands for the demo company."""
    found = select(col(ImportRun.id)).where(col(ImportRun.target) == TARGET)
    return session.scalar(found.order_by(col(ImportRun.id).desc()).limit(1))


def _users(session: Session) -> dict[str, int]:
    found = select(col(User.email), col(User.id))
    return {row[0]: row[1] for row in session.execute(found)}


def _product_ids(session: Session) -> dict[str, int]:
    found = select(col(Product.sku), col(Product.id))
    return {row[0]: row[1] for row in session.execute(found)}


def _customer_ids(session: Session, run: int | None) -> dict[str, int]:
    found = select(col(Customer.external_id), col(Customer.id)).where(
        col(Customer.import_id) == run
    )
    return {row[0]: row[1] for row in session.execute(found)}
