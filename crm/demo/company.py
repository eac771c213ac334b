"""The tables of the demo company: columns, types and units."""

from dataclasses import dataclass
from datetime import date

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
    "amount": "int64",  # ten-thousandths; -1 where nobody knows yet
    "currency": "str",  # "" is the book currency
    "close_on": DATE,  # expected
    "category": "str",  # of the forecast; "" where nobody has said
    "source": "str",
    "competitor": "str",
    "lost_reason": "str",
    "won_reason": "str",
    "owner": "str",
    "planned": "bool",  # whether there is, or was, a next step
    "often": "bool",  # whether we keep in close touch
    "step_on": DATE,  # when it is due, or was done; NaT where none was planned
    "entered_0": INSTANT,  # the stage of that place; NaT where it never came so far
    "entered_1": INSTANT,
    "entered_2": INSTANT,
    "entered_3": INSTANT,
    "closed_at": INSTANT,  # NaT while open
}
OPPORTUNITY_LINES: Schema = {
    "opportunity": "int64",  # a row of `opportunities`
    "position": "int64",  # from 1
    "sku": "str",
    "quantity": "int64",
    "unit_price": "int64",  # ten-thousandths
    "discount": "int64",  # percent
    "amount": "int64",  # ten-thousandths, whole cents
}
ESTIMATES: Schema = {
    "opportunity": "int64",
    "at": INSTANT,  # it holds from then on
    "amount": "int64",  # ten-thousandths; -1 where nobody knows yet
    "close_on": DATE,
}
TALKS: Schema = {  # activities around opportunities
    "opportunity": "int64",
    "kind": "str",
    "subject": "str",
    "at": INSTANT,
    "due_at": INSTANT,  # of tasks
    "done_at": INSTANT,  # NaT while open
}
RATES: Schema = {
    "currency": "str",
    "rate_on": DATE,  # the first of a month
    "rate": "int64",  # millionths of a euro that one unit is worth
}
QUOTES: Schema = {  # by number, then by version
    "offer": "int64",  # versions of one quote have the same
    "revision": "int64",
    "opportunity": "int64",
    "contact_external_id": "str",
    "status": "str",
    "issued_on": DATE,
    "valid_until": DATE,
    "sent_at": INSTANT,  # NaT of drafts
    "answered_at": INSTANT,
    "answered_by": "str",
    "answer_note": "str",
    "ordered_at": INSTANT,  # NaT of what did not become an order
}
QUOTE_LINES: Schema = {
    "quote": "int64",  # a row of `quotes`
    "position": "int64",
    "sku": "str",
    "quantity": "int64",
    "unit_price": "int64",
    "discount": "int64",  # percent
    "amount": "int64",
}
TARGETS: Schema = {
    "owner": "str",  # "" for everyone together
    "period": "str",  # month or quarter
    "starts_on": DATE,
    "amount": "int64",  # ten-thousandths of a euro
}
LEADS: Schema = {
    "name": "str",
    "company": "str",
    "email": "str",
    "phone": "str",
    "source": "str",
    "status": "str",  # new, working, converted or disqualified
    "unfit_reason": "str",
    "owner": "str",
    "notes": "str",
    "own_domain": "bool",  # writes from the domain of the company
    "created_at": INSTANT,
    "ended_at": INSTANT,  # NaT while it is new or being worked on
    "customer_external_id": "str",  # whom it was converted to
    "opportunity": "int64",  # and to what: a row of `opportunities`; -1 for none
}

TICKETS: Schema = {
    "customer_external_id": "str",
    "contact_external_id": "str",
    "subject": "str",
    "description": "str",
    "kind": "str",  # inquiry, feedback or problem
    "status": "str",  # new, open, waiting, solved or closed
    "priority": "str",  # low, normal, high or urgent
    "source": "str",
    "owner": "str",
    "opened_at": INSTANT,
    "solved_at": INSTANT,  # NaT while it is not solved
}

CAMPAIGNS: Schema = {
    "name": "str",
    "kind": "str",
    "status": "str",  # planned, running or ended
    "starts_on": DATE,
    "ends_on": DATE,
    "budget": "int64",  # ten-thousandths of a euro
    "cost": "int64",
    "hold_out": "float64",  # share, 0 to 1
    "owner": "str",
}
RECIPIENTS: Schema = {
    "campaign": "int64",  # a row of `campaigns`
    "customer_external_id": "str",
    "held_out": "bool",
    "added_at": INSTANT,
    "reached_at": INSTANT,  # NaT of those who were not
    "responded_at": INSTANT,
}


@dataclass(frozen=True)
class DemoCompany:
    """All tables of a generated company, with the columns and types given above.

    Customers are in the order of their creation, orders and activities in that of
    time. An empty text means that nothing is on record. It is as on the morning of
    `today`.
    """

    today: date
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
    opportunity_lines: pd.DataFrame
    estimates: pd.DataFrame
    talks: pd.DataFrame
    rates: pd.DataFrame
    quotes: pd.DataFrame
    quote_lines: pd.DataFrame
    targets: pd.DataFrame
    leads: pd.DataFrame
    tickets: pd.DataFrame
    campaigns: pd.DataFrame
    recipients: pd.DataFrame
    truths: Truths

    @property
    def order_count(self) -> int:
        """Orders in all, with the few that quotes have become."""
        return len(self.orders) + int(self.quotes["ordered_at"].count())


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
    "opportunity_lines": OPPORTUNITY_LINES,
    "estimates": ESTIMATES,
    "talks": TALKS,
    "rates": RATES,
    "quotes": QUOTES,
    "quote_lines": QUOTE_LINES,
    "targets": TARGETS,
    "leads": LEADS,
    "tickets": TICKETS,
    "campaigns": CAMPAIGNS,
    "recipients": RECIPIENTS,
}


def shaped(tables: dict[str, pd.DataFrame], truths: Truths, today: date) -> DemoCompany:
    """The company of `tables` (by the names of SCHEMAS; more columns are dropped)."""
    return DemoCompany(
        **{name: with_types(tables[name], SCHEMAS[name]) for name in SCHEMAS},
        truths=truths,
        today=today,
    )


def with_types(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """`table` with the columns of `schema`; naive instants are taken as UTC."""
    instants = [name for name, kind in schema.items() if kind == INSTANT]
    aware = {
        name: table[name].astype("datetime64[us]").dt.tz_localize("UTC")
        for name in instants
    }
    return typed(table.assign(**aware), schema)
