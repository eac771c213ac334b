"""Revenue by day and by group, against figures worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from crm import frames, warehouse
from crm.models import Customer, OrderKind, OrderStatus
from tests import make
from tests.warehouse.copies import frame, order

UNTIL = date(2026, 3, 1)


@pytest.fixture
def trade(database: str) -> dict[str, Customer]:
    """Two days of sales, one with a return and one of the walk-in customer; the rest
    does not count."""
    acme = make.customer(name="Acme", country="DE")
    walk_in = make.customer(name="Walk-in", walk_in=True)
    desk = make.product(name="Desk", category="Furniture")
    pen = make.product(name="Pen", category="Paper")
    bag = make.product(name="Bag")
    order(acme, "2026-02-01", (desk, 1, "100"), (pen, 2, "5"))
    order(walk_in, "2026-02-01", (pen, 1, "5"), (bag, 1, "20"))
    order(acme, "2026-02-03", (pen, -1, "5"), kind=OrderKind.RETURN)
    order(acme, "2026-02-03", (desk, 1, "100"))
    order(acme, "2026-02-04", (desk, 9, "9"), status=OrderStatus.CANCELLED)
    order(acme, "2026-02-04", (desk, -9, "0"), kind=OrderKind.ADJUSTMENT)
    order(acme, "2026-02-04", (desk, 9, "9"), currency="USD")
    order(acme, "2026-02-04", (desk, 9, "9"), deleted_at=make.NOON)
    order(acme, "2026-03-02", (desk, 9, "9"))
    return {"acme": acme, "walk_in": walk_in}


def by_group(by: str, top: int = 12) -> dict[tuple[str, str], tuple[float, int]]:
    """Revenue and orders, by group and day of February."""
    warehouse.refresh()
    with warehouse.reading() as house:
        table = house.groups_by_day(UNTIL, by, top=top)
    return {
        (row["group"], f"{row['day']:%d}"): (row["revenue"], row["orders"])
        for row in table.to_dict("records")
    }


def test_frames_of_days_are_typed_also_when_empty(database: str) -> None:
    assert types(frame("revenue_by_day", UNTIL)) == frames.REVENUE_BY_DAY


@pytest.mark.slow
def test_frames_of_groups_are_typed(trade: dict[str, Customer]) -> None:
    warehouse.refresh()
    with warehouse.reading() as house:
        for by in ("category", "product", "country"):
            found = house.groups_by_day(UNTIL, by, top=1)
            assert types(found) == frames.GROUPS_BY_DAY
            assert len(found) > 0


def types(table: pd.DataFrame) -> frames.Schema:
    return {column: str(kind) for column, kind in table.dtypes.items()}


def test_the_business_takes_in_what_walks_in_too(trade: dict[str, Customer]) -> None:
    rows = frame("revenue_by_day", UNTIL).assign(day=lambda t: t["day"].dt.day)

    assert rows.to_dict("records") == [
        {"day": 1, "revenue": 135, "orders": 2, "sold": 135, "new_customers": 1},
        {"day": 3, "revenue": 95, "orders": 1, "sold": 100, "new_customers": 0},
    ]


@pytest.mark.slow
def test_an_order_counts_in_each_category_by_its_lines(
    trade: dict[str, Customer],
) -> None:
    assert by_group("category") == {
        ("Furniture", "01"): (100, 1),
        ("Furniture", "03"): (100, 1),
        ("Paper", "01"): (15, 2),
        ("Paper", "03"): (-5, 0),
        ("", "01"): (20, 1),
    }


@pytest.mark.slow
def test_beyond_the_first_groups_the_rest_stands_together(
    trade: dict[str, Customer],
) -> None:
    """Of the walk-in order both lines are of the rest, and it counts once."""
    assert by_group("category", top=1) == {
        ("Furniture", "01"): (100, 1),
        ("Furniture", "03"): (100, 1),
        ("", "01"): (35, 2),
        ("", "03"): (-5, 0),
    }


def test_lines_count_at_the_rate_of_their_order(trade: dict[str, Customer]) -> None:
    desk = make.product(name="Chair", category="Furniture")
    dollars = {"currency": "USD", "rate": Decimal("0.55555")}
    order(trade["acme"], "2026-02-20", (desk, 1, "0.0003"), (desk, 1, "9"), **dollars)

    assert by_group("category")["Furniture", "20"] == (5.0002, 1)  # 0.00017 + 4.99995


@pytest.mark.slow
def test_an_order_belongs_to_the_country_of_its_customer(
    trade: dict[str, Customer],
) -> None:
    assert by_group("country") == {
        ("DE", "01"): (110, 1),
        ("DE", "03"): (95, 1),
        ("", "01"): (25, 1),
    }


@pytest.mark.slow
def test_a_product_in_the_recycle_bin_is_not_known_and_still_counts(
    trade: dict[str, Customer],
) -> None:
    gone = make.product(name="Gone", deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    order(trade["acme"], "2026-02-20", (gone, 1, "7"))

    assert by_group("product")["", "20"] == (7, 1)


def test_days_of_some_customers_only(trade: dict[str, Customer]) -> None:
    rows = frame("revenue_by_day", UNTIL, only=[trade["walk_in"].id])

    assert rows["revenue"].tolist() == [25]


@pytest.mark.slow
def test_names_of_products_are_for_others_to_look_up(
    trade: dict[str, Customer],
) -> None:
    groups = {group for group, _day in by_group("product")}

    assert groups == set(frame("products")["product_id"].astype(str))
