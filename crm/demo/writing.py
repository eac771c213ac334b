"""The rows of the demo company into the database, in batches that the log knows."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.demo.rows import table_of
from crm.models import (
    Contact,
    Customer,
    ImportRun,
    Opportunity,
    Product,
    Record,
    Tag,
    Tagging,
    User,
    utcnow,
)

TARGET = "demo"
MADE = "made"  # ids by table, in the settings of the run: what no other link tells


def inserting(
    table: type[Record], rows: list[dict[str, Any]]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = run_of(session)
        links, ready = _links(session, run), []
        for given in rows:
            row = dict(given)
            for name in links.keys() & row.keys():
                column, ids = links[name]
                row[column] = ids.get(row.pop(name))
            if "import_id" in row:
                row["import_id"] = run
            ready.append(row)
        return batch(session, table, ready, run)

    return write


def _links(session: Session, run: int | None) -> dict[str, tuple[str, dict[Any, int]]]:
    """What rows name their links by: the column of each, and ids by what is named."""
    customers = customer_ids(session, run)
    return {
        "_owner": ("owner_id", users(session)),
        "_customer": ("customer_id", customers),
        "_contact": ("contact_id", contact_ids(session, run)),
        "_product": ("product_id", product_ids(session)),
        "_parent": ("parent_id", customers),
        "_opportunity": (
            "opportunity_id",
            dict(enumerate(opportunity_ids(session, run))),
        ),
    }


def batch(
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


def lines(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows that are part of others, which the log knows."""
    if rows:
        session.connection().execute(insert(table_of(table)), rows)


def kept(
    session: Session, table: type[Record], rows: list[dict[str, Any]]
) -> list[int]:
    """Insert rows that hang on nothing of the demo company, and keep their ids.

    Args:
        rows: all created at the same moment, by which they are told from others.

    Returns:
        The ids, in the order of `rows`.
    """
    if not rows:
        return []
    run = db.get(session, ImportRun, run_of(session) or 0)
    known, stamp = table_of(table).c, rows[0]["created_at"]
    batch(session, table, rows, run.id)
    mine = select(known.id).where(known.created_at == stamp).order_by(known.id)
    ids = [int(key) for key in session.connection().scalars(mine)]
    name = str(table.__tablename__)
    made = dict(run.settings.get(MADE, {}))
    run.settings = run.settings | {MADE: made | {name: made.get(name, []) + ids}}
    session.flush()
    return ids


def tags(session: Session, customers: pd.DataFrame) -> int:
    ids = customer_ids(session, run_of(session))
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
    return batch(session, Tagging, rows, None) if rows else 0


def run_of(session: Session) -> int | None:
    """The number of the import that stands for the demo company."""
    found = select(col(ImportRun.id)).where(col(ImportRun.target) == TARGET)
    return session.scalar(found.order_by(col(ImportRun.id).desc()).limit(1))


def users(session: Session) -> dict[str, int]:
    found = select(col(User.email), col(User.id))
    return {row[0]: row[1] for row in session.execute(found)}


def product_ids(session: Session) -> dict[str, int]:
    found = select(col(Product.sku), col(Product.id))
    return {row[0]: row[1] for row in session.execute(found)}


def opportunity_ids(session: Session, run: int | None) -> list[int]:
    """In the order of `crm.demo.company.DemoCompany.opportunities`."""
    mine = select(col(Opportunity.id)).where(col(Opportunity.import_id) == run)
    return list(session.scalars(mine.order_by(col(Opportunity.id))))


def contact_ids(session: Session, run: int | None) -> dict[str, int]:
    found = select(col(Contact.external_id), col(Contact.id)).where(
        col(Contact.import_id) == run
    )
    return {row[0]: row[1] for row in session.execute(found)}


def customer_ids(session: Session, run: int | None) -> dict[str, int]:
    found = select(col(Customer.external_id), col(Customer.id)).where(
        col(Customer.import_id) == run
    )
    return {row[0]: row[1] for row in session.execute(found)}
