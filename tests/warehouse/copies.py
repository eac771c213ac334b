"""The warehouse, refreshed and read in one go."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from crm import warehouse
from crm.models import Customer, Order, Product
from crm.warehouse import files
from tests import make

AS_OF = date(2026, 3, 1)
ANEW = "Copying everything"
FOLLOWED = "Copying what has changed"
TABLES = (
    "customer", "product", "ticket", "reopened", "sales_order", "order_line",
)  # fmt: skip


def frame(name: str, *days: Any, only: Collection[int] | None = None) -> pd.DataFrame:
    """One of the frames, of data that is up to date."""
    warehouse.refresh()
    with warehouse.reading(only) as house:
        return getattr(house, name)(*days)


def row(table: pd.DataFrame, customer: Customer) -> dict[str, Any]:
    """What a table says of a customer."""
    (found,) = table[table["customer_id"] == customer.id].to_dict("records")
    return found


def ids(table: pd.DataFrame, column: str = "order_id") -> list[int]:
    return table[column].tolist()


def order(
    customer: Customer,
    day: str,
    *lines: tuple[Product, int, str],
    **details: Any,
) -> Order:
    """An order at noon of `day`."""
    at = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    return make.order(customer, *lines, ordered_at=at, **details)


def stages() -> set[str]:
    """Refresh; in which stages it was done."""
    told: set[str] = set()
    warehouse.refresh(lambda _share, stage: told.add(stage))
    return told


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the warehouse's tables, sorted."""
    duck = files.opened()
    try:
        return {
            name: sorted(duck.table(f"house.main.{name}").fetchall(), key=repr)
            for name in TABLES
        }
    finally:
        duck.close()


def path() -> Path:
    return files.path()
