"""Revenue by month and lately, by hand."""

from datetime import date

import pandas as pd

from crm.analytics.overview import MONTHS, lately, monthly
from crm.frames import ORDERS, empty, typed

DAY = date(2026, 3, 15)


def orders(*rows: tuple[int, str, str, float]) -> pd.DataFrame:
    numbered = [(number, *row) for number, row in enumerate(rows)]
    return typed(numbered, ORDERS)


HISTORY = orders(
    (1, "2026-01-31", "sale", 100),
    (1, "2026-02-01", "sale", 50),
    (2, "2026-02-20", "sale", 30),
    (2, "2026-02-21", "return", -30),
    (1, "2026-03-15", "sale", 7),
    (3, "2026-03-16", "sale", 999),  # after the day
)


def test_months_add_up_net_of_returns() -> None:
    table = monthly(HISTORY, as_of=DAY, months=3)

    assert table["month"].dt.strftime("%Y-%m").tolist() == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert table["revenue"].tolist() == [100, 50, 7]
    assert table["orders"].tolist() == [1, 2, 1]
    assert table["customers"].tolist() == [1, 2, 1]


def test_a_month_without_orders_is_there() -> None:
    table = monthly(orders((1, "2026-01-05", "sale", 1)), as_of=DAY, months=3)

    assert table["revenue"].tolist() == [1, 0, 0]


def test_a_month_of_returns_alone_has_no_sales() -> None:
    table = monthly(orders((1, "2026-03-01", "return", -5)), as_of=DAY, months=1)

    assert table.loc[0, ["revenue", "orders", "customers"]].tolist() == [-5, 0, 0]


def test_without_orders_all_months_are_zero() -> None:
    table = monthly(empty(ORDERS), as_of=DAY)

    assert len(table) == 24
    assert table.dtypes.astype(str).to_dict() == MONTHS
    assert table["revenue"].sum() == 0


def test_lately_is_held_against_as_many_days_before() -> None:
    found = lately(HISTORY, as_of=DAY, days=30)

    # 14 February to 15 March: 30 - 30 + 7; 15 January to 13 February: 100 + 50
    assert (found.revenue, found.orders, found.customers) == (7, 2, 2)
    assert (found.revenue_before, found.orders_before) == (150, 2)
    assert found.customers_before == 1
