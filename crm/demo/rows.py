"""The demo company as rows of tables, links by the names of what they point to."""

from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
from sqlmodel import SQLModel

from crm.demo import money_taxes, subscription_rows
from crm.models import (
    Activity,
    Contact,
    Customer,
    Lead,
    LeadStatus,
    Product,
    Record,
    Subscription,
    Ticket,
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
    percent = money_taxes.rates(table)
    made = []
    for row in table.to_dict("records"):
        tax_rate = money_taxes.share(percent, row["sku"])
        given = {"price": amount(row["price"]), "tax_rate": tax_rate}
        made.append(prepared(Product, row | given, utcnow()))
    return made


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
        links = {
            "_owner": row.pop("owner"),
            "_customer": row.pop("customer_external_id"),
            "_opportunity": row.pop("opportunity"),
        }
        created, ended = row.pop("created_at").to_pydatetime(), row.pop("ended_at")
        row.pop("own_domain")
        status = row["status"] = LeadStatus(row["status"])
        row["unfit_reason"] = Unfit(row["unfit_reason"]) if row["unfit_reason"] else ""
        made = prepared(Lead, row, created) | links
        if not pd.isna(ended):
            made["updated_at"] = ended.to_pydatetime()
        if status is LeadStatus.CONVERTED:
            made["converted_at"] = made["updated_at"]
        rows.append(made)
    return rows


def tickets(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in table.to_dict("records"):
        links = {
            "_customer": row.pop("customer_external_id"),
            "_contact": row.pop("contact_external_id"),
            "_owner": row.pop("owner"),
        }
        opened, solved = row["opened_at"].to_pydatetime(), row["solved_at"]
        row["opened_at"] = opened
        row["solved_at"] = None if pd.isna(solved) else solved.to_pydatetime()
        made = prepared(Ticket, row, opened)
        rows.append(made | links | {"updated_at": row["solved_at"] or opened})
    return rows


def prepared(table: type[Record], row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """All columns of a new record but its id, with what follows from them."""
    made = _Draft(table, filled(table, row, at))
    prepare: Any = table.prepare
    prepare(made)
    return made.values()


def filled(table: type[Record], row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """All columns of a new record but its id, as given, else as usual."""
    given = {name: value for name, value in row.items() if value not in ("", None)}
    return _defaults(table) | given | {"created_at": at, "updated_at": at}


class _Draft:
    """What a record looks like to its own `prepare`, at a tenth of the time to make it.

    Its methods and properties take the draft for the record.
    """

    def __init__(self, table: type[Record], values: dict[str, Any]) -> None:
        self.__dict__ = values
        self._table = table

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name).__get__(self, self._table)

    def values(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in _defaults(self._table)}


@cache
def _defaults(table: type[Record]) -> dict[str, Any]:
    """All columns but the id, as they are where nothing is given."""
    fields: Any = table.model_fields
    names = [one.name for one in table_of(table).c if one.name != "id"]
    return {name: fields[name].get_default(call_default_factory=True) for name in names}


def amount(scaled: int) -> Decimal:
    return Decimal(int(scaled)).scaleb(-4)


def table_of(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]  # SQLModel hides it
