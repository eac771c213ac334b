"""Invoices, credit notes and payments of the demo company into the database."""

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.demo import invoices_reading, invoices_rows, writing
from crm.demo.company import DemoCompany
from crm.demo.invoices import draw_bills
from crm.demo.money_numbers import numbers
from crm.models import Customer, Invoice, InvoiceLine, Payment
from crm.services.admin import company as profiles
from crm.services.documents.invoices_paper import recipient
from crm.services.money import exchange

SEED = 11
LANGUAGE = "en"


def invoices(session: Session, company: DemoCompany) -> int:
    """Those of the last months, numbered as they were issued, and what was paid."""
    orders = invoices_reading.orders(session, company)
    bills = draw_bills(orders, company.today, np.random.default_rng(SEED))
    if bills.invoices.empty:
        return 0
    run, table = writing.run_of(session), _numbered(session, bills.invoices)
    rate = exchange.looked_up(session, table["currency"].unique())
    usual = invoices_rows.Usual(
        _recipients(session, set(table["customer_id"].tolist())),
        _terms(session),
        rate,
    )
    ids: dict[str, int] = {}  # by the number of the order, or of the return
    for part in (table[table["credited"] == ""], table[table["credited"] != ""]):
        rows = [
            invoices_rows.invoice(row, usual, ids.get(row["credited"]))
            for row in part.to_dict("records")
        ]
        writing.batch(session, Invoice, rows, run)
        ids |= _ids(session, part)
    held = invoices_reading.lines(session, table["order_id"].tolist())
    lines = invoices_rows.lines(table, held, ids)
    writing.lines(session, InvoiceLine, lines)
    about = table.set_index("number")[["customer_id", "currency", "name"]]
    paid = bills.payments.join(about, on="number")
    payments = [
        invoices_rows.payment(row, ids[row["number"]], rate)
        for row in paid.to_dict("records")
    ]
    writing.batch(session, Payment, payments, run)
    return len(table)


def _numbered(session: Session, table: pd.DataFrame) -> pd.DataFrame:
    """With `name`, the number of each document, by the day of issue without gaps."""
    is_note = table["credited"] != ""
    table = table.assign(name="")
    for kind, which in (("invoice", ~is_note), ("credit_note", is_note)):
        days = [day.date() for day in table.loc[which, "issued_on"]]
        table.loc[which, "name"] = numbers(session, kind, days)
    return table


def _recipients(session: Session, ids: set[int]) -> dict[int, str]:
    found = select(Customer).where(db.ids_in(col(Customer.id), sorted(ids)))
    return {one.id: recipient(one, LANGUAGE) for one in session.scalars(found)}


def _terms(session: Session) -> str:
    """What is printed below, as `crm.services.documents.invoices_issue` has it."""
    ours = profiles.profile(session)
    return "\n\n".join(filter(None, [ours.invoice_terms, ours.bank]))


def _ids(session: Session, table: pd.DataFrame) -> dict[str, int]:
    """The ids of invoices by the number of their order."""
    of = dict(zip(table["name"], table["number"], strict=True))
    found: dict[str, int] = {}
    for piece in db.chunked(list(of)):
        known = select(col(Invoice.number), col(Invoice.id)).where(
            col(Invoice.number).in_(piece)
        )
        found |= {of[row[0]]: row[1] for row in session.execute(known)}
    return found
