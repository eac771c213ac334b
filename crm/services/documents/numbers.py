"""Numbers of documents: one after the other, none given twice, none left out."""

from datetime import date

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.models import NumberSeries

PREFIX = {"quote": "Q", "order": "SO", "invoice": "INV", "credit_note": "CN"}


def next_number(session: Session, kind: str, day: date) -> str:
    """The next number of a kind (see `PREFIX`) in the year of `day`: INV-2026-00001.

    The series stays locked until the transaction ends, and so the number is used by
    what is committed with it, or given back.
    """
    values = {"kind": kind, "year": day.year, "last": 0}
    table = inspect(NumberSeries).local_table
    db.insert_new(session.connection(), table, [values], ["kind", "year"])
    found = select(NumberSeries).where(
        col(NumberSeries.kind) == kind, col(NumberSeries.year) == day.year
    )
    series = session.scalars(
        found.with_for_update().execution_options(populate_existing=True)
    ).one()
    series.last += 1
    session.flush()
    return f"{PREFIX[kind]}-{day.year}-{series.last:05}"
