"""`python -m bench.warehouse [lines]`: RFM in the warehouse and on SQLite's tables.

Makes a company of 3,000,000 order lines, or as many as told, in a temporary folder,
copies it, and computes `frames.BUYERS` both ways. Takes about three minutes.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from crm import db, migrations, warehouse
from crm.config import settings
from crm.frames import BUYERS, typed
from crm.models import SYSTEM, Customer

AS_OF = date(2026, 6, 30)
FIRST = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
LINES_AN_ORDER = 3
ORDERS_A_CUSTOMER = 10
PRODUCTS = 4_000
PIECE = 100_000

ON_THE_TABLES = """
WITH past AS (
    SELECT sales_order.id, customer_id, julianday(date(ordered_at)) AS day, total,
           sales_order.kind = 'sale' AS sold
    FROM sales_order
    JOIN customer ON customer.id = customer_id
    WHERE status = 'confirmed' AND sales_order.kind <> 'adjustment'
        AND currency = 'EUR' AND ordered_at < '2026-07-01' AND NOT walk_in
        AND sales_order.deleted_at IS NULL AND customer.deleted_at IS NULL
),
asked AS (
    SELECT customer_id, count(*) AS tickets
    FROM ticket
    WHERE deleted_at IS NULL AND coalesce(source, '') <> 'churn'
        AND date(opened_at) > date('2026-06-30', '-365 days')
        AND opened_at < '2026-07-01'
    GROUP BY customer_id
),
bought AS (
    SELECT customer_id, count(DISTINCT product_id) AS products
    FROM past JOIN order_line ON order_line.order_id = past.id
    WHERE sold GROUP BY customer_id
),
summed AS (
    SELECT customer_id,
           min(day) FILTER (WHERE sold) AS first,
           max(day) FILTER (WHERE sold) AS last,
           count(*) FILTER (WHERE sold) AS frequency,
           sum(total) FILTER (WHERE sold) AS sold_for,
           sum(total) AS net
    FROM past GROUP BY customer_id
)
SELECT customer_id,
       date(first) AS first_on,
       date(last) AS last_on,
       CAST(julianday('2026-06-30') - last AS INTEGER) AS recency,
       CAST(julianday('2026-06-30') - first AS INTEGER) AS tenure,
       frequency,
       sold_for / 10000.0 / frequency AS monetary,
       net / 10000.0 AS revenue,
       coalesce(products, 0) AS products,
       min(1, max(0, (sold_for - net) * 1.0 / sold_for)) AS returned,
       (last - first) / nullif(frequency - 1, 0) AS gap,
       coalesce(tickets, 0) AS tickets
FROM summed LEFT JOIN bought USING (customer_id) LEFT JOIN asked USING (customer_id)
WHERE frequency > 0 ORDER BY customer_id
"""


def company(lines: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows of the tables, in pieces; one order in ten is a return."""
    orders = lines // LINES_AN_ORDER
    customers = max(1, orders // ORDERS_A_CUSTOMER)
    rng = np.random.default_rng(1)
    at = "2024-01-01 08:00:00.000000"
    record = {"created_at": at, "updated_at": at, "version": 1}
    ids = np.arange(1, customers + 1)
    named = pd.DataFrame({"id": ids, "name": ids.astype(str)})
    yield "customer", named.assign(kind="company", walk_in=0, **record)
    ids = np.arange(1, PRODUCTS + 1)
    named = pd.DataFrame({"id": ids, "name": ids.astype(str), "sku": ids.astype(str)})
    yield "product", named.assign(active=1, **record)
    for start in range(0, orders, PIECE):
        ids = np.arange(start, min(start + PIECE, orders)) + 1
        yield from _orders(rng, ids, customers, record)


def _orders(
    rng: np.random.Generator, ids: Any, customers: int, record: dict[str, Any]
) -> Iterator[tuple[str, pd.DataFrame]]:
    sign = np.where(rng.random(len(ids)) < 0.1, -1, 1)
    lines = pd.DataFrame({"order_id": np.repeat(ids, LINES_AN_ORDER)})
    lines["position"] = np.tile(np.arange(1, LINES_AN_ORDER + 1), len(ids))
    lines["product_id"] = rng.integers(1, PRODUCTS + 1, len(lines))
    quantity = rng.integers(1, 6, len(lines)) * np.repeat(sign, LINES_AN_ORDER)
    lines["quantity"] = quantity * 10_000
    lines["unit_price"] = rng.integers(10_000, 1_000_000, len(lines))
    lines["amount"] = quantity * lines["unit_price"]
    seconds = FIRST + rng.integers(0, 900 * 86_400, len(ids))
    moments = pd.to_datetime(seconds, unit="s").strftime("%Y-%m-%d %H:%M:%S.000000")
    total = lines["amount"].to_numpy().reshape(-1, LINES_AN_ORDER).sum(axis=1)
    orders = pd.DataFrame({"id": ids, "number": ids.astype(str), "ordered_at": moments})
    orders["customer_id"] = rng.integers(1, customers + 1, len(ids))
    orders["kind"] = np.where(sign < 0, "return", "sale")
    yield (
        "sales_order",
        orders.assign(status="confirmed", currency="EUR", total=total, **record),
    )
    yield "order_line", lines


def fill(lines: int) -> None:
    """Write the company past the session: only the copy of it is measured."""
    migrations.upgrade(settings().database_url)
    for table, rows in company(lines):
        columns = ", ".join(rows.columns)
        marks = ", ".join("?" * len(rows.columns))
        with db.engine().begin() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",
                list(rows.itertuples(index=False, name=None)),
            )


def timed(what: str, function: Callable[[], Any], times: int = 1) -> tuple[Any, float]:
    """The result of `function` and the best of `times` times, printed."""
    best = float("inf")
    for _number in range(times):
        start = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - start)
    print(f"{what:<48}{best:>9.3f} s")
    return result, best


def edit(count: int) -> None:
    """Rename some customers, as the app does."""
    with db.transaction(SYSTEM) as session:
        found = sa.select(Customer).limit(count)
        for customer in session.scalars(found):
            customer.name += " & Co."


def in_the_warehouse() -> pd.DataFrame:
    with warehouse.reading() as house:
        return house.buyers(AS_OF)


def on_the_tables() -> pd.DataFrame:
    with db.engine().connect() as connection:
        rows = connection.exec_driver_sql(ON_THE_TABLES)
        return typed(pd.DataFrame(rows.all(), columns=list(rows.keys())), BUYERS)


def main(lines: int) -> None:
    timed(f"a company of {lines:,} order lines", lambda: fill(lines))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed("refresh, made anew", warehouse.refresh)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    timed("refresh, nothing has changed", warehouse.refresh, times=3)
    edit(1_000)
    timed("refresh, 1,000 customers changed", warehouse.refresh)
    fast, one = timed("buyers (RFM) in the warehouse", in_the_warehouse, times=3)
    slow, other = timed("the same by SQL on SQLite's tables", on_the_tables, times=3)
    pd.testing.assert_frame_equal(fast, slow, rtol=1e-12)
    print(f"The warehouse is {other / one:.0f} times as fast, with equal results.")
    size = (settings().data_dir / "warehouse.duckdb").stat().st_size / 1e6
    database = (settings().data_dir / "crm.db").stat().st_size / 1e6
    print(
        f"Files: {size:.0f} MB of {database:.0f} MB; memory grew {grown / 1e3:.0f} MB."
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CRM_DATA_DIR": folder, "CRM_CURRENCY": "EUR"}
        for name in ("CRM_DATABASE_URL", "CRM_WAREHOUSE_URL"):
            os.environ.pop(name, None)
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000)
