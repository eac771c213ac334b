"""The demo company as rows of tables, links by the names of what they point to."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlmodel import SQLModel

from crm.demo import opportunity_rows, subscription_rows
from crm.models import (
    Activity,
    Contact,
    Customer,
    Lead,
    LeadStatus,
    Product,
    Record,
    Subscription,
    Unfit,
    utcnow,
)


def customers(table: pd.DataFrame) -> list[dict[str, Any]]:
    """An e-mail that occurs twice is kept by both, and found by the first."""
    rows, seen = [], set()
    for row in table.to_dict("records"):
        created = datetime.combine(row.pop("created_on"), time(8), UTC)
        row.pop("tags")
        owner, parent = row.pop("owner"), row.pop("parent_external_id")
        made = prepared(Customer, row, created)
        if made["email_key"] in seen:
            made["email_key"] = None
        seen.add(made["email_key"])
        rows.append(made | {"_owner": owner, "_parent": parent})
    return rows


def products(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        prepared(Product, row | {"price": amount(row["price"])}, utcnow())
        for row in table.to_dict("records")
    ]


def contacts(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        customer = row.pop("customer_external_id")
        rows.append(prepared(Contact, row, utcnow()) | {"_customer": customer})
    return rows


def activities(table: pd.DataFrame) -> list[dict[str, Any]]:
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
        rows.append(prepared(Activity, row | {"at": created}, created) | links)
    return rows


def subscriptions(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows, now = [], utcnow()
    for row in table.to_dict("records"):
        made = subscription_rows.record(row, now.date())
        links = {"_customer": row["customer_external_id"], "_product": row["sku"]}
        at = datetime.combine(made["starts_on"], time(8), UTC)
        rows.append(prepared(Subscription, made, at) | links)
    return rows


def leads(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        created, owner = row.pop("created_at").to_pydatetime(), row.pop("owner")
        row["status"] = LeadStatus(row["status"])
        row["unfit_reason"] = Unfit(row["unfit_reason"]) if row["unfit_reason"] else ""
        rows.append(prepared(Lead, row, created) | {"_owner": owner})
    return rows


def next_steps(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        if (task := opportunity_rows.task(row)) is not None:
            links = {"_customer": row["customer_external_id"], "_owner": row["owner"]}
            rows.append(prepared(Activity, task, task["at"]) | links)
    return rows


def prepared(table: type[Record], row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """All columns of a new record but its id, with what follows from them."""
    given = {name: value for name, value in row.items() if value not in ("", None)}
    made = table(**given, created_at=at, updated_at=at)
    made.prepare()
    names = table_of(table).c.keys()
    return {name: getattr(made, name) for name in names if name != "id"}


def amount(scaled: int) -> Decimal:
    return Decimal(int(scaled)).scaleb(-4)


def table_of(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]  # SQLModel hides it
