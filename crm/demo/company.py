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

SUBSCRIPTIONS: Schema = {
    "number": "str",
    "customer_external_id": "str",
    "name": "str",
    "sku": "str",  # the machine that it is for
    "starts_on": DATE,
    "period": "str",  # monthly, quarterly or yearly
    "price": "int64",  # ten-thousandths of a euro, for one machine and period
    "quantity": "int64",
    "later_from": DATE,  # NaT where nothing else was agreed later
    "later_price": "int64",
    "later_quantity": "int64",
    "cancelled_on": DATE,  # NaT while it goes on
    "cancel_reason": "str",
    "ends_on": DATE,  # the last day, of those that were cancelled
}
OPPORTUNITIES: Schema = {
    "customer_external_id": "str",
    "name": "str",
    "stage": "int64",  # its place in the usual pipeline: 0 to 3 open, 4 won, 5 lost
    "amount": "int64",  # ten-thousandths of a euro; -1 where nobody knows yet
    "close_on": DATE,  # expected
    "source": "str",
    "competitor": "str",
    "lost_reason": "str",
    "won_reason": "str",
    "owner": "str",
    "planned": "bool",  # whether there is, or was, a next step
    "step_on": DATE,  # when it is due, or was done; NaT where none was planned
    "entered_0": INSTANT,  # the stage of that place; NaT where it never came so far
    "entered_1": INSTANT,
    "entered_2": INSTANT,
    "entered_3": INSTANT,
    "closed_at": INSTANT,  # NaT while open
}
LEADS: Schema = {
    "name": "str",
    "company": "str",
    "email": "str",
    "phone": "str",
    "source": "str",
    "status": "str",  # new, working or disqualified
    "unfit_reason": "str",
    "owner": "str",
    "created_at": INSTANT,
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
    subscriptions: pd.DataFrame
    opportunities: pd.DataFrame
    leads: pd.DataFrame
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
    "subscriptions": SUBSCRIPTIONS,
    "opportunities": OPPORTUNITIES,
    "leads": LEADS,
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
