"""The records that an analysis is computed from, and what became of them since.

Kept with a result is how many there were and the last number among them. Numbers only
grow: what has a higher one has come in since, and what is missing below has gone. Both
are counted by indexes alone, however large the tables are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from crm import db
from crm.models import (
    Action,
    Analysis,
    Binned,
    Change,
    Customer,
    Lead,
    Opportunity,
    Order,
    OrderStatus,
    Subscription,
)
from crm.services import days

BASIS = "basis"  # the name in the summary of an analysis
TABLES: dict[str, type[Binned]] = {
    "customers": Customer,
    "orders": Order,
    "subscriptions": Subscription,
    "opportunities": Opportunity,
    "leads": Lead,
}
SALES = ("customers", "orders")
OF: dict[str, tuple[str, ...]] = {  # by the kind of analysis; others: `SALES`
    "recurring_revenue": ("customers", "subscriptions"),
    "win_chance": ("opportunities",),
    "sales_forecast": ("opportunities",),
    "sales_report": ("opportunities",),
    "lead_score": ("leads",),
}
SLIGHT = 0.01  # share of the records up to which a result still fits

Kept = dict[str, list[int]]  # by the names of `TABLES`: how many, the last id


@dataclass(frozen=True)
class Since:
    """What is no longer there of what an analysis was computed from, by `TABLES`.

    `late` are orders that have come in since, of a time that it looked at.
    """

    gone: Mapping[str, int]
    late: int = 0

    def __bool__(self) -> bool:
        return bool(self.gone or self.late)


def taken(session: Session, kind: str) -> dict[str, Kept]:
    """What an analysis of `kind` has to keep in its summary, as of now."""
    return {
        BASIS: {
            name: [_count(session, TABLES[name]), _last(session, TABLES[name])]
            for name in OF.get(kind, SALES)
        }
    }


def since(session: Session, shown: Analysis) -> Since:
    """What has gone or come late since an analysis of this reach was computed.

    Nothing where it is as little as `SLIGHT`, where the actor may not read such
    records, or where the result is of before this was kept.
    """
    kept: Kept = shown.summary.get(BASIS) or {}
    actor, gone = db.actor_of(session), {}
    for name, (there, last) in kept.items():
        table = TABLES[name]
        if actor.may(Action.READ, str(table.__tablename__)):
            missing = there - _count(session, table, until=last)
            if missing > SLIGHT * there:
                gone[name] = missing
    if "orders" not in kept or not actor.may(Action.READ, "sales_order"):
        return Since(gone)
    there, last = kept["orders"]
    late = _late(session, shown, last)
    return Since(gone, late if late > SLIGHT * there else 0)


def last_change(session: Session) -> int:
    """The number of the last change of any record: until it grows, `since` stays."""
    return session.scalar(select(func.max(col(Change.id)))) or 0


def _late(session: Session, shown: Analysis, last: int) -> int:
    """New orders of up to the day and the moment that the analysis looked at."""
    over = days.start_of(shown.as_of + timedelta(days=1))
    end = min(over, shown.data_at) if shown.data_at else over
    found = select(func.count(col(Order.id))).where(
        col(Order.id) > last,
        col(Order.status) == OrderStatus.CONFIRMED,
        col(Order.ordered_at) < end,
    )
    return session.scalar(found) or 0


def _count(session: Session, table: type[Binned], until: int | None = None) -> int:
    """How many are there, up to a number."""
    found: Select[Any] = select(func.count(col(table.id)))
    if until is not None:
        found = found.where(col(table.id) <= until)
    return session.scalar(found) or 0


def _last(session: Session, table: type[Binned]) -> int:
    """The highest number ever given so far, as far as it is still there."""
    found = select(func.max(col(table.id)))
    return session.scalar(found, execution_options=db.everything) or 0
