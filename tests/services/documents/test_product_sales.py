"""What a product has sold: months of the company, returns, currencies, reach."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, NotFound
from crm.models import Actor, OrderKind, OrderStatus, Product, utcnow
from crm.services import lists
from crm.services.documents import product_sales, sold_lines
from crm.services.documents.product_sales import ProductSales
from tests import make

TODAY = date(2026, 3, 15)


@pytest.fixture
def pen(database: str) -> Product:
    return make.product(name="Pen")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sales(actor: Actor, product: Product) -> ProductSales:
    with db.reading(actor) as session:
        return product_sales.sales(session, product.id, today=TODAY)


def by_month(found: ProductSales) -> dict[str, tuple[Decimal, Decimal]]:
    """Units and amount of the months in which there was anything."""
    return {
        f"{month.first:%Y-%m}": (month.units, month.total.amount)
        for month in found.months
        if month.total.count
    }


def test_a_product_that_was_never_sold(admin: Actor, pen: Product) -> None:
    make.order(make.customer(), (make.product(), 1, "5"))

    found = sales(admin, pen)

    assert [month.first for month in found.months][::11] == [
        date(2025, 4, 1),
        date(2026, 3, 1),
    ]
    assert (found.orders, found.units, found.buyers, found.best) == (0, 0, 0, [])
    assert found.total.is_nothing
    assert found.return_rate is None
    assert found.last_at is None


def test_what_counts_and_in_which_month(admin: Actor, pen: Product) -> None:
    one, other = make.customer(name="One"), make.customer(name="Other")
    another = make.product()
    make.order(
        one, (pen, 8, "5"), (another, 9, "9"), (pen, 2, "4"),
        ordered_at=at("2026-02-03"),
    )  # fmt: skip
    make.order(other, (pen, 4, "5"), ordered_at=at("2025-04-01"))
    back = {"kind": OrderKind.RETURN, "ordered_at": at("2026-03-15T20:00")}
    make.order(one, (pen, -3, "5"), **back)
    for details in (
        {"kind": OrderKind.ADJUSTMENT},
        {"status": OrderStatus.CANCELLED},
        {"deleted_at": utcnow()},
        {"ordered_at": at("2025-03-31")},  # before the first month
        {"ordered_at": at("2026-03-16")},  # not yet
    ):
        make.order(one, (pen, 100, "5"), **details)

    found = sales(admin, pen)

    assert by_month(found) == {
        "2025-04": (4, 20), "2026-02": (10, 48), "2026-03": (-3, -15)
    }  # fmt: skip
    assert (found.orders, found.buyers) == (2, 2)
    assert (found.sold, found.returned, found.units) == (14, 3, 11)
    assert found.return_rate == pytest.approx(3 / 14)
    assert found.last_at == at("2026-02-03")
    assert [(b.name, b.units, b.total.amount, b.last_at) for b in found.best] == [
        ("One", 7, 33, at("2026-02-03")),
        ("Other", 4, 20, at("2025-04-01")),
    ]


def test_the_last_sale_may_be_long_ago(admin: Actor, pen: Product) -> None:
    make.order(make.customer(), (pen, 1, "5"), ordered_at=at("2020-05-05"))

    found = sales(admin, pen)

    assert found.last_at == at("2020-05-05")
    assert not found.orders


def test_amounts_are_in_the_book_currency(admin: Actor, pen: Product) -> None:
    strong, weak, none = (make.customer(name=n) for n in ("Strong", "Weak", "None"))
    two = {"currency": "GBP", "rate": Decimal(2)}
    make.order(strong, (pen, 1, "60"), **two)
    make.order(weak, (pen, 1, "100"))
    make.order(none, (pen, 1, "500"), currency="USD")

    found = sales(admin, pen)

    assert found.total.amount == 220
    assert (found.total.missing, found.total.others) == ({"USD": 1}, {"USD": 500})
    assert [one.name for one in found.best] == ["Strong", "Weak", "None"]
    assert [one.total.amount for one in found.best] == [120, 100, 0]


@pytest.mark.slow
def test_the_best_are_named_and_all_are_counted(admin: Actor, pen: Product) -> None:
    for price in range(1, 13):
        make.order(make.customer(name=f"C{price}"), (pen, 1, str(price)))

    found = sales(admin, pen)

    assert found.buyers == 12
    assert [one.name for one in found.best] == [f"C{n}" for n in range(12, 2, -1)]


@pytest.mark.slow
def test_who_is_out_of_reach_is_not_counted(
    admin: Actor, alice: Actor, bob: Actor, charlie: Actor, pen: Product
) -> None:
    make.order(make.customer(alice, name="Hers"), (pen, 1, "10"))
    make.order(make.customer(charlie, name="His"), (pen, 2, "10"))
    gone = make.customer(name="Gone", deleted_at=utcnow())
    make.order(gone, (pen, 4, "10"))

    seen = {actor.name: sales(actor, pen) for actor in (admin, alice, bob, charlie)}

    told = {
        name: (found.orders, found.total.amount, [one.name for one in found.best])
        for name, found in seen.items()
    }
    assert told == {
        "Ada": (2, 30, ["His", "Hers"]),
        "Alice": (1, 10, ["Hers"]),
        "Bob": (1, 10, ["Hers"]),
        "Charlie": (1, 20, ["His"]),
    }


def test_the_last_sale_of_others_is_not_told(
    alice: Actor, charlie: Actor, pen: Product
) -> None:
    make.order(make.customer(charlie), (pen, 1, "5"), ordered_at=at("2020-05-05"))

    assert sales(alice, pen).last_at is None


def scoped(actor: Actor, *scopes: str) -> Actor:
    return replace(actor, kind="token", scopes=frozenset(scopes))


def test_whoever_may_not_read_orders_learns_nothing_of_them(
    admin: Actor, pen: Product
) -> None:
    make.order(make.customer(name="Buyer"), (pen, 1, "5"))
    blind = scoped(admin, "product:read", "customer:read")

    with pytest.raises(Forbidden):
        sales(blind, pen)

    assert buyers(blind, "any", pen) == []
    assert buyers(blind, "none", pen) == ["Buyer"]
    assert buyers(admin, "any", pen) == ["Buyer"]


def test_whoever_may_not_read_customers_sees_no_sales(
    admin: Actor, pen: Product
) -> None:
    make.order(make.customer(), (pen, 1, "5"))

    found = sales(scoped(admin, "product:read", "sales_order:read"), pen)

    assert (found.orders, found.last_at) == (0, None)


def buyers(actor: Actor, op: str, product: Product) -> list[str]:
    condition: dict[str, Any] = {"field": "products", "op": op, "value": [product.id]}
    rule = {"match": "all", "rules": [condition]}
    query = lists.Query("customer", rule=rule, columns=("name",))
    with db.reading(actor) as session:
        return [row["name"] for row in lists.page(session, query, today=TODAY).rows]


def test_a_product_in_the_bin_is_not_there(admin: Actor, database: str) -> None:
    with pytest.raises(NotFound):
        sales(admin, make.product(deleted_at=utcnow()))


@pytest.mark.usefixtures("shanghai")
def test_months_are_those_of_the_company(admin: Actor, pen: Product) -> None:
    evening = at("2026-01-31T18:00")  # the first of February there
    make.order(make.customer(), (pen, 1, "5"), ordered_at=evening)

    assert by_month(sales(admin, pen)) == {"2026-02": (1, 5)}


def test_what_takes_time_is_known_beforehand(
    admin: Actor, pen: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(make.customer(), (pen, 1, "5"), (pen, 1, "5"))

    told = []
    for quick in (2, 1):
        monkeypatch.setattr(sold_lines, "QUICK", quick)
        with db.reading(admin) as session:
            told.append(sold_lines.are_many(session, pen.id))

    assert told == [False, True]
