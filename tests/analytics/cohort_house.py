"""Orders as the warehouse would count them, for tests of cohorts without a database."""

from contextlib import closing
from datetime import date
from typing import Any

import pandas as pd

from crm.warehouse.cohorts import Cohorts, cohorts

AS_OF = date(2026, 4, 15)
FEW = [  # customer, day, kind, total
    (1, "2026-01-05", "sale", 100),
    (1, "2026-01-20", "sale", 50),
    (1, "2026-03-10", "sale", 30),
    (2, "2026-01-31", "sale", 200),
    (2, "2026-02-10", "return", -40),
    (3, "2026-02-01", "sale", 80),
    (3, "2026-03-05", "sale", 20),
    (3, "2026-04-02", "sale", 10),
    (4, "2026-04-01", "sale", 5),
]


def orders(rows: Any) -> pd.DataFrame:
    """A table of `customer_id`, `ordered_on`, `kind`, `total`."""
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "kind", "total"])
    return table.astype({"ordered_on": "datetime64[s]", "total": "float64"})


def followed(
    orders: pd.DataFrame, as_of: date = AS_OF, **columns: dict[int, Any]
) -> Cohorts:
    """The cohorts of orders; `columns` hold details of customers by their ids."""
    import duckdb

    ids = orders["customer_id"].drop_duplicates()
    customers = pd.DataFrame({"customer_id": ids.to_numpy()})
    for name in ("source", "sector", "country", "kind", "created_on"):
        given = columns.get(name, {})
        customers[name] = [given.get(int(one)) for one in ids]
    with closing(duckdb.connect(config={"threads": 1})) as duck:
        duck.register("given", orders.assign(kind=orders["kind"].astype(object)))
        duck.register("known", customers.astype({"source": object}))
        duck.execute("""
            CREATE TABLE counted AS
            SELECT customer_id, CAST(ordered_on AS DATE) AS ordered_on, kind,
                CAST(total AS DECIMAL(19, 4)) AS total
            FROM given;
            CREATE TABLE customer AS
            SELECT CAST(customer_id AS BIGINT) AS customer_id,
                CAST(source AS VARCHAR) AS source, CAST(sector AS VARCHAR) AS sector,
                CAST(country AS VARCHAR) AS country, CAST(kind AS VARCHAR) AS kind,
                CAST(created_on AS DATE) AS created_on
            FROM known;
            ATTACH ':memory:' AS house;
            CREATE TABLE house.sales_order AS
            SELECT *, 'confirmed' AS status FROM counted;
        """)
        return cohorts(duck, as_of)


def people(
    first: int, count: int, start: str, chances: list[float], random: Any
) -> list[Any]:
    """Orders of `count` customers from a month on, who come back by `chances`."""
    months = pd.period_range(start, periods=len(chances) + 1, freq="M")
    rows = []
    for customer in range(first, first + count):
        rows.append((customer, f"{months[0]}-03", "sale", 100))
        for month, chance in zip(months[1:], chances, strict=True):
            if random.random() < chance:
                rows.append((customer, f"{month}-10", "sale", 50))
    return rows
