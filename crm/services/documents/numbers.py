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
    while (series := _locked(session, kind, day.year)) is None:
        db.insert_new(session.connection(), table, [values], ["kind", "year"])
    series.last += 1
    session.flush()
    return f"{PREFIX[kind]}-{day.year}-{series.last:05}"


def _locked(session: Session, kind: str, year: int) -> NumberSeries | None:
    """The series as it is now; None where it has not begun, or begins anew."""
    found = select(NumberSeries).where(
        col(NumberSeries.kind) == kind, col(NumberSeries.year) == year
    )
    now = found.with_for_update().execution_options(populate_existing=True)
    return session.scalars(now).first()
