"""What the warehouse says, against figures worked out by hand."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pandas as pd
import pytest

from crm import db, frames, warehouse
from crm.models import (
    SYSTEM,
    Customer,
    CustomerKind,
    Order,
    OrderKind,
    OrderStatus,
    Product,
)
from tests import make
from tests.warehouse.copies import AS_OF, frame, ids, order, row

SENT_BACK = OrderKind.RETURN


@dataclass(frozen=True)
class Shop:
    """Two customers, two products, a walk-in, and Acme's orders in order of days."""

    acme: Customer
    bea: Customer
    walk_in: Customer
    desk: Product
    lamp: Product
    orders: list[Order]


@pytest.fixture
def shop(database: str) -> Shop:
    """Acme bought for 100 and 50, and sent back for 30; the rest does not count."""
    acme, bea = make.customer(name="Acme"), make.customer(name="Bea")
    walk_in = make.customer(name="Walk-in", walk_in=True)
    desk, lamp = make.product(name="Desk"), make.product(name="Lamp")
    orders = [
        order(acme, "2026-01-10", (desk, 1, "80"), (lamp, 2, "10")),
        order(acme, "2026-01-30", (lamp, 5, "10")),
        order(acme, "2026-02-05", (lamp, -3, "10"), kind=SENT_BACK),
        order(acme, "2026-03-15", (desk, 1, "90")),
    ]
    order(acme, "2026-02-10", (desk, 9, "1"), status=OrderStatus.CANCELLED)
    order(acme, "2026-02-11", (desk, -9, "0"), kind=OrderKind.ADJUSTMENT)
    order(acme, "2026-02-12", (desk, 9, "1"), currency="USD")
    order(acme, "2026-02-13", (desk, 9, "1"), deleted_at=make.NOON)
    order(walk_in, "2026-02-14", (desk, 1, "80"), (desk, 1, "80"), (lamp, 1, "10"))
    for customer in (acme, bea):
        make.ticket(customer_id=customer.id, opened_at=make.NOON - timedelta(days=40))
    return Shop(acme, bea, walk_in, desk, lamp, orders)


EVERY_FRAME = [
    ("customers", (), frames.CUSTOMERS),
    ("products", (), frames.PRODUCTS),
    ("orders", (), frames.ORDERS),
    ("tickets", (), frames.TICKETS),
    ("buyers", (AS_OF,), frames.BUYERS),
    ("churn_features", (AS_OF,), frames.CHURN_FEATURES),
    ("future", (AS_OF, 90), frames.FUTURE),
    ("baskets", (AS_OF,), frames.BASKETS),
]


def every_frame(only: list[int] | None = None) -> dict[str, pd.DataFrame]:
    """All of them, of data that is up to date."""
    warehouse.refresh()
    with warehouse.reading(only) as house:
        return {name: getattr(house, name)(*days) for name, days, _ in EVERY_FRAME}


def kinds(tables: dict[str, pd.DataFrame]) -> dict[str, frames.Schema]:
    return {name: table.dtypes.astype(str).to_dict() for name, table in tables.items()}


def test_frames_are_typed_also_when_empty(database: str) -> None:
    tables = every_frame()

    assert kinds(tables) == {name: schema for name, _, schema in EVERY_FRAME}
    assert sum(map(len, tables.values())) == 0


@pytest.mark.slow
def test_frames_are_typed(shop: Shop) -> None:
    tables = every_frame()

    assert kinds(tables) == {name: schema for name, _, schema in EVERY_FRAME}
    assert min(map(len, tables.values())) > 0


def test_a_buyer_in_figures(shop: Shop) -> None:
    assert row(frame("buyers", AS_OF), shop.acme) == {
        "customer_id": shop.acme.id,
        "first_on": pd.Timestamp("2026-01-10"),
        "last_on": pd.Timestamp("2026-01-30"),
        "recency": 30,
        "tenure": 50,
        "frequency": 2,
        "monetary": 75.0,
        "revenue": 120.0,
        "products": 2,
        "returned": 0.2,  # 30 of 150
        "gap": 20.0,
        "tickets": 1,
    }


@pytest.mark.slow
def test_who_has_bought_nothing_is_no_buyer(shop: Shop) -> None:
    order(shop.bea, "2026-02-20", (shop.desk, -1, "80"), kind=SENT_BACK)

    assert ids(frame("buyers", AS_OF), "customer_id") == [shop.acme.id]


@pytest.mark.slow
def test_a_single_sale_has_no_gap(shop: Shop) -> None:
    order(shop.bea, "2026-02-20", (shop.desk, 1, "80"))

    bea = row(frame("buyers", AS_OF), shop.bea)

    assert math.isnan(bea["gap"])
    assert (bea["recency"], bea["tenure"], bea["returned"]) == (9, 9, 0.0)


@pytest.mark.slow
def test_two_sales_of_a_day_are_two_without_a_gap(shop: Shop) -> None:
    for _number in range(2):
        order(shop.bea, "2026-03-01", (shop.desk, 1, "80"))

    bea = row(frame("buyers", AS_OF), shop.bea)

    assert (bea["frequency"], bea["gap"], bea["recency"]) == (2, 0.0, 0)


@pytest.mark.slow
def test_no_more_is_sent_back_than_was_bought(shop: Shop) -> None:
    order(shop.bea, "2026-02-20", (shop.desk, 1, "80"))
    order(shop.bea, "2026-02-21", (shop.desk, -2, "80"), kind=OrderKind.CANCELLATION)

    bea = row(frame("buyers", AS_OF), shop.bea)

    assert (bea["returned"], bea["revenue"]) == (1.0, -80.0)


@pytest.mark.slow
def test_nothing_of_a_gift_is_sent_back(shop: Shop) -> None:
    order(shop.bea, "2026-02-20", (shop.desk, 1, "0"))

    bea = row(frame("buyers", AS_OF), shop.bea)

    assert (bea["returned"], bea["monetary"], bea["frequency"]) == (0.0, 0.0, 1)


@pytest.mark.slow
def test_sums_are_exact(shop: Shop) -> None:
    for price in ("0.1", "0.2", "0.3"):
        order(shop.bea, "2026-02-20", (shop.desk, 1, price))

    bea = row(frame("buyers", AS_OF), shop.bea)

    assert bea["revenue"] == 0.6  # in floats 0.1 + 0.2 + 0.3 is more
    assert bea["monetary"] == pytest.approx(0.2, rel=1e-15)


@pytest.mark.slow
def test_what_was_going_on_in_the_last_90_days_and_before(shop: Shop) -> None:
    """As of 30 April: lately is from 31 January on, before that from 2 November on."""
    acme = row(frame("churn_features", date(2026, 4, 30)), shop.acme)

    assert (acme["sales_90"], acme["revenue_90"]) == (1, 60.0)
    assert (acme["sales_before_90"], acme["revenue_before_90"]) == (2, 150.0)
    assert acme["frequency"] == 3


@pytest.mark.slow
def test_ninety_days_begin_after_the_ninetieth_day_before(shop: Shop) -> None:
    """30 January is 90 days before 30 April, and 91 before 1 May."""
    later = row(frame("churn_features", date(2026, 4, 29)), shop.acme)

    assert (later["sales_90"], later["sales_before_90"]) == (2, 1)


def test_the_future_begins_the_day_after(shop: Shop) -> None:
    future = frame("future", date(2026, 1, 30), 44)

    assert row(future, shop.acme) == {
        "customer_id": shop.acme.id,
        "sales": 1,  # of 15 March, the 44th day
        "revenue": 60.0,  # 90 less 30
    }


def test_who_only_sends_back_has_no_future(shop: Shop) -> None:
    assert len(frame("future", date(2026, 1, 30), 43)) == 0


def test_orders_that_count_have_their_sign(shop: Shop) -> None:
    orders = frame("orders")

    assert ids(orders) == [one.id for one in shop.orders]
    assert orders["total"].tolist() == [100.0, 50.0, -30.0, 90.0]
    assert orders["kind"].tolist() == ["sale", "sale", "return", "sale"]


def test_orders_up_to_a_day_include_that_day(shop: Shop) -> None:
    assert ids(frame("orders", date(2026, 1, 30))) == [
        one.id for one in shop.orders[:2]
    ]


@pytest.mark.slow
def test_the_day_of_an_order_is_that_of_utc(shop: Shop) -> None:
    shanghai = timezone(timedelta(hours=8))
    made = [
        make.order(shop.bea, ordered_at=at)
        for at in (
            datetime(2026, 3, 2, 7, 59, 59, tzinfo=shanghai),
            datetime(2026, 3, 2, 8, tzinfo=shanghai),
        )
    ]

    orders = frame("orders", AS_OF)

    assert ids(orders[orders["customer_id"] == shop.bea.id]) == [made[0].id]


def test_a_basket_has_each_product_once(shop: Shop) -> None:
    baskets = frame("baskets", date(2026, 1, 31))

    first, second = shop.orders[:2]
    assert list(zip(baskets["order_id"], baskets["product_id"], strict=True)) == [
        (first.id, shop.desk.id),
        (first.id, shop.lamp.id),
        (second.id, shop.lamp.id),
    ]


@pytest.mark.slow
def test_baskets_of_the_walk_in_customer_count(shop: Shop) -> None:
    baskets = frame("baskets", AS_OF, date(2026, 2, 1))

    assert ids(baskets, "customer_id") == [shop.walk_in.id, shop.walk_in.id]
    assert ids(baskets, "product_id") == [shop.desk.id, shop.lamp.id]


@pytest.mark.slow
def test_baskets_name_only_products_that_are_there(shop: Shop) -> None:
    with db.transaction(SYSTEM) as session:
        session.get(Product, shop.lamp.id).deleted_at = make.NOON

    assert set(ids(frame("baskets", AS_OF), "product_id")) == {shop.desk.id}
    assert ids(frame("products"), "product_id") == [shop.desk.id]
    assert row(frame("buyers", AS_OF), shop.acme)["products"] == 2


def test_an_order_in_another_currency_counts_at_its_rate(shop: Shop) -> None:
    dollars = {"currency": "USD", "rate": Decimal("0.3333333333")}
    order(shop.bea, "2026-02-20", (shop.desk, 1, "100.01"), **dollars)

    warehouse.refresh()
    with warehouse.reading() as house:
        bea = row(house.buyers(AS_OF), shop.bea)
        assert (bea["revenue"], bea["products"]) == (33.3367, 1)
        assert shop.bea.id in ids(house.baskets(AS_OF), "customer_id")
        assert house.left_out(AS_OF)["no_rate"] == 1  # one that has none


@pytest.mark.slow
def test_what_is_left_out_is_counted(shop: Shop) -> None:
    order(shop.walk_in, "2026-02-20", (shop.desk, 1, "80"), currency="USD")
    warehouse.refresh()

    with warehouse.reading() as house:
        assert house.left_out(date(2026, 2, 11)) == {"no_rate": 0, "walk_in": 0}
        assert house.left_out(AS_OF) == {"no_rate": 2, "walk_in": 1}


@pytest.mark.slow
def test_a_customer_in_full(shop: Shop, admin: object) -> None:
    made = make.customer(
        admin,
        name="Zoë GmbH",
        kind=CustomerKind.PERSON,
        country="DE",
        sector="Retail",
        source="Fair",
        created_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
    )

    assert row(frame("customers"), made) == {
        "customer_id": made.id,
        "name": "Zoë GmbH",
        "kind": "person",
        "country": "DE",
        "sector": "Retail",
        "source": "Fair",
        "owner_id": admin.user_id,
        "created_on": pd.Timestamp("2025-12-31"),
    }


def test_what_nobody_filled_in_is_missing(shop: Shop) -> None:
    bea = row(frame("customers"), shop.bea)

    empty = ("country", "sector", "source", "owner_id")
    assert all(pd.isna(bea[name]) for name in empty)


def test_the_walk_in_customer_is_no_customer(shop: Shop) -> None:
    assert ids(frame("customers"), "customer_id") == [shop.acme.id, shop.bea.id]


@pytest.mark.slow
def test_orders_of_a_deleted_customer_do_not_count(shop: Shop) -> None:
    with db.transaction(SYSTEM) as session:
        session.get(Customer, shop.acme.id).deleted_at = make.NOON

    assert len(frame("orders")) == 0
    assert set(ids(frame("baskets", AS_OF), "customer_id")) == {shop.walk_in.id}
    warehouse.refresh()
    with warehouse.reading() as house:
        assert house.left_out(AS_OF) == {"no_rate": 0, "walk_in": 1}


@pytest.mark.slow
def test_only_some_customers(shop: Shop) -> None:
    order(shop.bea, "2026-02-20", (shop.desk, 1, "80"))
    order(shop.bea, "2026-03-20", (shop.desk, 1, "80"))

    tables = every_frame(only=[shop.bea.id])
    del tables["products"]

    seen = {name: set(ids(table, "customer_id")) for name, table in tables.items()}
    assert seen == {name: {shop.bea.id} for name in tables}


@pytest.mark.slow
def test_only_nobody(shop: Shop) -> None:
    assert len(frame("baskets", AS_OF, only=[])) == 0
    assert len(frame("customers", only=[])) == 0
    assert len(frame("products", only=[])) == 2
    with warehouse.reading(only=[]) as house:
        assert house.left_out(AS_OF) == {"no_rate": 0, "walk_in": 0}


def test_another_book_currency_counts_other_orders(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_CURRENCY", "USD")
    db.forget()

    orders = frame("orders")

    assert orders["total"].tolist() == [9.0]
    assert row(frame("buyers", AS_OF), shop.acme)["products"] == 1
