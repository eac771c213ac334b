"""Put the demo company into the database, and take it out again.

All of it carries the number of one import, by which it is found again.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import delete, insert, select
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.config import settings
from crm.demo.company import DemoCompany
from crm.models import (
    Activity,
    Contact,
    ContactPoint,
    Customer,
    ImportRun,
    ImportState,
    Order,
    OrderLine,
    Product,
    Reach,
    Record,
    Role,
    SegmentMember,
    Tag,
    Tagging,
    Team,
    User,
    utcnow,
)

TARGET = "demo"
PIECE = 5_000  # rows in one transaction

Part = tuple[str, Callable[[Session], Any]]


def parts(company: DemoCompany) -> Iterator[Part]:
    """What is to be written, in order: a name, and a function of the session."""
    yield "people", lambda session: _people(session, company)
    for entity, table, rows in (
        ("customer", Customer, _customers(company.customers)),
        ("product", Product, _products(company.products)),
        ("contact", Contact, _contacts(company.contacts)),
        ("activity", Activity, _activities(company.activities)),
    ):
        for start in range(0, len(rows), PIECE):
            piece = rows[start : start + PIECE]
            yield f"{entity} {start}", _inserting(table, piece)
    yield "tags", lambda session: _tags(session, company.customers)
    lines = dict(tuple(company.order_lines.groupby("order_number", sort=False)))
    for start in range(0, len(company.orders), PIECE):
        piece_of_orders = company.orders.iloc[start : start + PIECE]
        yield f"order {start}", _ordering(piece_of_orders, lines)


def wipe(session: Session) -> int:
    """Take the demo company out; how many customers it were.

    What users have added to its customers goes with them; products that other
    orders name, and users who have signed in, stay.
    """
    run_ids = list(
        session.scalars(
            select(col(ImportRun.id)).where(col(ImportRun.target) == TARGET)
        )
    )
    everyone = db.everything
    customers = select(col(Customer.id)).where(col(Customer.import_id).in_(run_ids))
    count = len(list(session.scalars(customers.execution_options(**everyone))))
    connection = session.connection()
    for table, condition in (
        (Order, col(Order.customer_id).in_(customers)),
        (Activity, col(Activity.customer_id).in_(customers)),
        (SegmentMember, col(SegmentMember.customer_id).in_(customers)),
        (Tagging, col(Tagging.record_id).in_(customers)),
        (ContactPoint, col(ContactPoint.record_id).in_(customers)),
        (Contact, col(Contact.import_id).in_(run_ids)),
        (Customer, col(Customer.import_id).in_(run_ids)),
        (Product, _unused(run_ids)),
    ):
        connection.execute(delete(_table(table)).where(condition))
    connection.execute(delete(_table(ImportRun)).where(col(ImportRun.id).in_(run_ids)))
    db.pending_of(session).always = True
    return count


def is_loaded(session: Session) -> bool:
    """Whether the demo company is here."""
    return _run(session) is not None


def _people(session: Session, company: DemoCompany) -> None:
    """Teams and users; those who are here already stay as they are."""
    teams = {team.name: team for team in session.scalars(select(Team))}
    for name in company.teams["name"]:
        if name not in teams:
            teams[name] = Team(name=name)
            session.add(teams[name])
    session.flush()
    known = set(session.scalars(select(col(User.email))))
    for row in company.users.to_dict("records"):
        if row["email"] not in known:
            session.add(
                User(
                    email=row["email"],
                    name=row["name"],
                    role=Role(row["role"].replace("-", "_")),
                    reach=Reach.ALL,
                    team_id=teams[row["team"]].id if row["team"] in teams else None,
                )
            )
    run = ImportRun(
        target=TARGET,
        file_name="demo",
        file_key="demo",
        state=ImportState.DONE,
        owner_id=db.actor_of(session).user_id,
    )
    session.add(run)
    session.flush()


def _customers(table: pd.DataFrame) -> list[dict[str, Any]]:
    """An e-mail that occurs twice is kept by both, and found by the first."""
    rows, seen = [], set()
    for row in table.to_dict("records"):
        created = datetime.combine(row.pop("created_on"), time(8), UTC)
        row.pop("tags")
        owner, parent = row.pop("owner"), row.pop("parent_external_id")
        made = _prepared(Customer, row, created)
        if made["email_key"] in seen:
            made["email_key"] = None
        seen.add(made["email_key"])
        rows.append(made | {"_owner": owner, "_parent": parent})
    return rows


def _products(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        _prepared(Product, row | {"price": _amount(row["price"])}, utcnow())
        for row in table.to_dict("records")
    ]


def _contacts(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        customer = row.pop("customer_external_id")
        rows.append(_prepared(Contact, row, utcnow()) | {"_customer": customer})
    return rows


def _activities(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        links = {
            "_customer": row.pop("customer_external_id"),
            "_owner": row.pop("owner"),
        }
        created = row.pop("created_at").to_pydatetime()
        for name in ("due_at", "done_at"):
            row[name] = None if pd.isna(row[name]) else row[name].to_pydatetime()
        if row["kind"] == "note":
            row["done_at"] = None
        rows.append(_prepared(Activity, row | {"at": created}, created) | links)
    return rows


def _prepared(table: type[Record], row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """All columns of a new record but its id, with what follows from them."""
    given = {name: value for name, value in row.items() if value not in ("", None)}
    made = table(**given, created_at=at, updated_at=at)
    made.prepare()
    names = _table(table).c.keys()
    return {name: getattr(made, name) for name in names if name != "id"}


def _inserting(
    table: type[Record], rows: list[dict[str, Any]]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = _run(session)
        owners, customers = _users(session), _customer_ids(session, run)
        ready = []
        for given in rows:
            row = dict(given)
            if "_owner" in row:
                row["owner_id"] = owners.get(row.pop("_owner"))
            if "_customer" in row:
                row["customer_id"] = customers.get(row.pop("_customer"))
            if "_parent" in row:
                row["parent_id"] = customers.get(row.pop("_parent"))
            if "import_id" in row:
                row["import_id"] = run
            ready.append(row)
        return _batch(session, table, ready, run)

    return write


def _ordering(
    orders: pd.DataFrame, lines: dict[str, pd.DataFrame]
) -> Callable[[Session], int]:
    def write(session: Session) -> int:
        run = _run(session)
        customers = _customer_ids(session, run)
        found = select(col(Product.sku), col(Product.id))
        products = {row[0]: row[1] for row in session.execute(found)}
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
            made.append(_prepared(Order, order, at) | {"import_id": run})
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
        session.connection().execute(insert(_table(OrderLine)), rows)
        return written

    return write


def _lines(table: pd.DataFrame, products: dict[str, int]) -> list[dict[str, Any]]:
    columns = (table["sku"], table["quantity"], table["unit_price"])
    return [
        {
            "position": position,
            "product_id": products[sku],
            "quantity": Decimal(int(quantity)),
            "unit_price": _amount(price),
            "amount": _amount(int(quantity) * int(price)),
        }
        for position, (sku, quantity, price) in enumerate(zip(*columns, strict=True), 1)
    ]


def _batch(
    session: Session, table: type[Record], rows: list[dict[str, Any]], run: int | None
) -> int:
    """Insert rows past the session, and log them as one batch."""
    connection, key = session.connection(), _table(table).c.id
    newest = select(key).order_by(key.desc()).limit(1)
    before = connection.scalar(newest) or 0
    connection.execute(insert(_table(table)), rows)
    after = connection.scalar(newest) or 0
    name = str(table.__tablename__)
    db.record_batch(session, name, before + 1, after, len(rows), import_id=run)
    return len(rows)


def _tags(session: Session, customers: pd.DataFrame) -> int:
    ids = _customer_ids(session, _run(session))
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


def _run(session: Session) -> int | None:
    """The number of the import that stands for the demo company."""
    found = select(col(ImportRun.id)).where(col(ImportRun.target) == TARGET)
    return session.scalar(found.order_by(col(ImportRun.id).desc()).limit(1))


def _users(session: Session) -> dict[str, int]:
    found = select(col(User.email), col(User.id))
    return {row[0]: row[1] for row in session.execute(found)}


def _customer_ids(session: Session, run: int | None) -> dict[str, int]:
    found = select(col(Customer.external_id), col(Customer.id)).where(
        col(Customer.import_id) == run
    )
    return {row[0]: row[1] for row in session.execute(found)}


def _unused(run_ids: list[int]) -> Any:
    used = select(col(OrderLine.product_id))
    return col(Product.import_id).in_(run_ids) & col(Product.id).not_in(used)


def _amount(scaled: int) -> Decimal:
    return Decimal(int(scaled)).scaleb(-4)


def _table(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]  # SQLModel hides it
