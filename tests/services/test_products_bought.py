"""Customers by what they have bought: who has A, not B."""

from datetime import date
from typing import Any

import pytest

from crm import db
from crm.models import Actor, Customer, OrderKind, OrderStatus, Product
from crm.services import lists
from tests import make

TODAY = date(2026, 3, 2)


@pytest.fixture
def a(database: str) -> Product:
    return make.product(name="Printer")


@pytest.fixture
def b(database: str) -> Product:
    return make.product(name="Toner")


def bought(name: str, *products: Product, **details: Any) -> Customer:
    """A customer with one order for each product."""
    owner = details.pop("owner", None)
    customer = make.customer(owner, name=name)
    for product in products:
        make.order(customer, (product, 1, "10"), **details)
    return customer


def found(actor: Actor, *conditions: tuple[str, list[int]]) -> list[str]:
    rules = [{"field": "products", "op": op, "value": ids} for op, ids in conditions]
    rule = {"match": "all", "rules": rules}
    with db.reading(actor) as session:
        query = lists.Query("customer", rule=rule, sort="name", columns=("name",))
        return [row["name"] for row in lists.page(session, query, today=TODAY).rows]


@pytest.mark.slow
def test_who_has_a_and_not_b(admin: Actor, a: Product, b: Product) -> None:
    bought("Only A", a)
    bought("Both", a, b)
    bought("Only B", b)
    bought("Nothing")

    assert found(admin, ("all", [a.id]), ("none", [b.id])) == ["Only A"]


def test_all_of_a_may_come_from_several_orders(
    admin: Actor, a: Product, b: Product
) -> None:
    bought("Both", a, b)
    bought("Twice the same", a, a)

    assert found(admin, ("all", [a.id, b.id])) == ["Both"]


@pytest.mark.parametrize(
    "details",
    [
        {"kind": OrderKind.RETURN},
        {"status": OrderStatus.CANCELLED},
    ],
)
def test_only_confirmed_sales_count(
    admin: Actor, a: Product, details: dict[str, Any]
) -> None:
    bought("Not kept", a, **details)

    assert found(admin, ("any", [a.id])) == []


def test_nobody_finds_customers_out_of_reach(
    alice: Actor, charlie: Actor, a: Product, b: Product
) -> None:
    bought("Of Alice", a, owner=alice)
    bought("Of Charlie", a, owner=charlie)

    assert found(alice, ("all", [a.id]), ("none", [b.id])) == ["Of Alice"]


def test_the_list_names_what_was_bought(admin: Actor, a: Product, b: Product) -> None:
    bought("Both", b, a, a)

    with db.reading(admin) as session:
        query = lists.Query("customer", columns=("products",))
        (row,) = lists.page(session, query, today=TODAY).rows

    assert row["products"] == ["Printer", "Toner"]
