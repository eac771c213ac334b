"""The tables of the demo company: columns, types and units."""

from dataclasses import dataclass

import pandas as pd

from crm.demo.truths import Truths
from crm.frames import Schema, typed

DATE = "datetime64[s]"  # naive midnight
INSTANT = "datetime64[us, UTC]"

TEAMS: Schema = {"name": "str", "description": "str"}
USERS: Schema = {"name": "str", "email": "str", "role": "str", "team": "str"}
CUSTOMERS: Schema = {
    "external_id": "str",
    "kind": "str",  # company or person
    "name": "str",
    "email": "str",
    "phone": "str",
    "website": "str",
    "street": "str",
    "postal_code": "str",
    "city": "str",
    "region": "str",
    "country": "str",  # ISO 3166, two letters
    "sector": "str",  # of companies
    "source": "str",
    "owner": "str",  # a user's e-mail
    "created_on": DATE,
    "tags": "str",  # joined by semicolons
    "parent_external_id": "str",
}
CONTACTS: Schema = {
    "external_id": "str",
    "customer_external_id": "str",
    "first_name": "str",
    "last_name": "str",
    "email": "str",
    "phone": "str",
    "role": "str",
    "language": "str",  # ISO 639, two letters
}
PRODUCTS: Schema = {
    "sku": "str",
    "name": "str",
    "category": "str",
    "price": "int64",  # ten-thousandths of a euro, today's list price
}
ORDERS: Schema = {
    "number": "str",
    "customer_external_id": "str",
    "ordered_at": INSTANT,
    "kind": "str",  # sale or return
    "status": "str",  # confirmed or cancelled
    "returns_number": "str",  # the sale that a return belongs to
}
ORDER_LINES: Schema = {
    "order_number": "str",
    "sku": "str",
    "quantity": "int64",  # negative in returns
    "unit_price": "int64",  # ten-thousandths of a euro, as agreed
}
ACTIVITIES: Schema = {
    "customer_external_id": "str",
    "kind": "str",  # note, call, mail, meeting or task
    "subject": "str",
    "body": "str",
    "created_at": INSTANT,
    "due_at": INSTANT,  # NaT for notes and mails
    "done_at": INSTANT,  # NaT while open
    "owner": "str",
}


@dataclass(frozen=True)
class DemoCompany:
    """All tables of a generated company, with the columns and types given above.

    Customers are in the order of their creation, orders and activities in that of
    time. An empty text means that nothing is on record.
    """

    teams: pd.DataFrame
    users: pd.DataFrame
    customers: pd.DataFrame
    contacts: pd.DataFrame
    products: pd.DataFrame
    orders: pd.DataFrame
    order_lines: pd.DataFrame
    activities: pd.DataFrame
    truths: Truths


SCHEMAS: dict[str, Schema] = {
    "teams": TEAMS,
    "users": USERS,
    "customers": CUSTOMERS,
    "contacts": CONTACTS,
    "products": PRODUCTS,
    "orders": ORDERS,
    "order_lines": ORDER_LINES,
    "activities": ACTIVITIES,
}


def shaped(tables: dict[str, pd.DataFrame], truths: Truths) -> DemoCompany:
    """The company of `tables` (by the names of SCHEMAS; more columns are dropped)."""
    return DemoCompany(
        **{name: with_types(tables[name], SCHEMAS[name]) for name in SCHEMAS},
        truths=truths,
    )


def with_types(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """`table` with the columns of `schema`; naive instants are taken as UTC."""
    instants = [name for name, kind in schema.items() if kind == INSTANT]
    aware = {
        name: table[name].astype("datetime64[us]").dt.tz_localize("UTC")
        for name in instants
    }
    return typed(table.assign(**aware), schema)
