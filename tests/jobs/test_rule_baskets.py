"""What a basket is and what lies in it: as asked for, and told where it is less."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from crm import db
from crm.analytics.rules.basket_units import by_category
from crm.errors import NotEnoughData
from crm.frames import BASKETS, PRODUCTS, empty, typed
from crm.jobs.association_rules import rules
from crm.jobs.rule_baskets import Shaped, shaped
from crm.models import Actor, Analysis, Customer
from crm.services import analyses
from tests import make
from tests.analytics.baskets import baskets
from tests.jobs.test_association_rules import computed, result

COFFEE, BEANS, TEA, MUG = 1, 2, 3, 4
ASKED = {"min_support": 0.1, "min_confidence": 0, "max_items": 3, "check": "none"}


def goods(**categories: str) -> pd.DataFrame:
    """Coffee and beans are of one category, unless told otherwise."""
    known = {"coffee": "Hot", "beans": "Hot", "tea": "Cold", "mug": ""} | categories
    rows = [
        (number, f"SKU-{number}", name, category)
        for number, (name, category) in enumerate(known.items(), 1)
    ]
    return typed(rows, PRODUCTS)


def of_customers(*sales: tuple[int, str, list[int]]) -> pd.DataFrame:
    """Sales: customer, day, products."""
    rows = [
        (number, customer, day, product)
        for number, (customer, day, products) in enumerate(sales)
        for product in products
    ]
    return typed(rows, BASKETS)


def asked_for(table: pd.DataFrame, **asked: Any) -> Shaped:
    return shaped(table, goods(), ASKED | asked)


def sides(table: pd.DataFrame) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return set(zip(table["antecedents"], table["consequents"], strict=True))


def test_what_a_customer_bought_at_different_times_is_one_basket() -> None:
    table = of_customers(
        (7, "2026-01-01", [COFFEE]),
        (7, "2026-02-01", [TEA]),
        (8, "2026-01-01", [COFFEE, TEA]),
        (9, "2026-01-01", [MUG]),
    )

    made = rules(table, goods(), ASKED | {"unit": "customer"})

    found = made.tables["rules"]
    row = found[found["antecedents"] == (COFFEE,)].iloc[0]
    assert (row["baskets"], row["support"]) == (2, pytest.approx(2 / 3))
    assert made.summary["searched"]["baskets"] == 3
    assert made.summary["searched"]["last"] == "2026-02-01"


def test_a_product_bought_twice_by_a_customer_counts_once() -> None:
    table = of_customers(
        *[(7, f"2026-01-0{day}", [COFFEE]) for day in (1, 2, 3)],
        (7, "2026-02-01", [TEA]),
        (8, "2026-02-01", [MUG]),
    )

    made = rules(table, goods(), ASKED | {"unit": "customer"})

    assert set(made.tables["rules"]["baskets"]) == {1}


def test_what_a_customer_buys_later_checks_the_rules_of_customers() -> None:
    days = pd.date_range("2026-01-01", periods=10).strftime("%Y-%m-%d")
    table = of_customers(*[(7, day, [COFFEE, TEA]) for day in days], (8, days[0], [3]))

    given = asked_for(table, unit="customer", check="later")

    assert given.is_later
    assert given.searched["order_id"].unique().tolist() == [7, 8]
    assert given.held["order_id"].unique().tolist() == [7]
    assert given.searched["ordered_on"].max() < given.held["ordered_on"].min()


def test_by_lot_a_customer_is_held_out_as_a_whole() -> None:
    table = of_customers(
        *[(customer, day, [1, 2 + customer % 2]) for customer in range(20)
          for day in ("2026-01-01", "2026-01-02")]
    )  # fmt: skip

    given = asked_for(table, unit="customer", check="random")

    assert not set(given.searched["customer_id"]) & set(given.held["customer_id"])
    assert given.held["order_id"].nunique() == 6


def test_rules_between_categories() -> None:
    table = baskets([COFFEE, TEA], [BEANS, TEA], [COFFEE, BEANS], [MUG])

    made = rules(table, goods(mug="Ware"), ASKED | {"level": "category"})

    names = made.tables["products"].set_index("product_id")["name"]
    found = {(names[a[0]], names[b[0]]) for a, b in sides(made.tables["rules"])}
    assert found == {("Hot", "Cold"), ("Cold", "Hot")}
    row = made.tables["rules"].iloc[0]
    assert (row["baskets"], row["support"]) == (2, 0.5)


def test_the_products_of_a_category_are_kept_with_the_result() -> None:
    table = baskets([COFFEE, TEA], [BEANS])

    made = rules(table, goods(), ASKED | {"level": "category"})

    names = made.tables["products"].set_index("product_id")["name"]
    members = made.tables["members"].groupby("product_id")["member_id"].agg(set)
    assert {names[group]: held for group, held in members.items()} == {
        "Hot": {COFFEE, BEANS},
        "Cold": {TEA},
    }


def test_products_without_a_category_are_left_out_and_told() -> None:
    given = asked_for(baskets([COFFEE, TEA, MUG], [BEANS]), level="category")

    assert MUG not in set(given.members["member_id"])
    assert [str(note) for note in given.notes] == [
        "Products without a category, which are left out: 1"
    ]


def test_giants_are_left_out_of_both_parts_and_told() -> None:
    small = [[COFFEE, TEA], [BEANS], [MUG]] * 20
    days = [f"2026-01-{day:02}" for day in range(1, 31) for _pair in range(2)]
    table = baskets(
        *small, range(60), range(70), days=[*days, "2026-01-01", "2026-01-30"]
    )

    given = asked_for(table, check="later")

    assert given.searched.groupby("order_id").size().max() == 2
    assert given.held.groupby("order_id").size().max() == 2
    (note,) = given.notes
    assert str(note).startswith("Baskets of more than 50 products, far more than usual")
    assert "left out: 2." in str(note)


def test_giants_stay_where_they_are_asked_for() -> None:
    table = baskets(*[[COFFEE, TEA], [BEANS]] * 10, range(60))

    given = asked_for(table, all_sizes=True)

    assert given.searched["order_id"].nunique() == 21
    assert given.notes == ()


def test_no_baskets_have_no_categories() -> None:
    grouped = by_category(empty(BASKETS), goods())

    assert len(grouped.baskets) == 0
    assert grouped.groups["name"].tolist() == ["Cold", "Hot"]


@pytest.mark.parametrize(
    ("table", "asked", "told"),
    [
        (
            baskets([COFFEE, BEANS], [COFFEE]),
            {"level": "category"},
            "only one category",
        ),
        (baskets([MUG], [MUG]), {"level": "category"}, "no sales"),
        (
            of_customers((7, "2026-01-01", [1]), (7, "2026-01-02", [2])),
            {"unit": "customer"},
            "All 1 baskets of this time hold the same",
        ),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_words(
    table: pd.DataFrame, asked: dict[str, str], told: str
) -> None:
    with pytest.raises(NotEnoughData, match=told):
        asked_for(table, **asked)


def bought(customer: Customer, day: int, *products: Any) -> None:
    lines = [(product, 1, "10") for product in products]
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    make.order(customer, *lines, ordered_at=at)


@pytest.mark.slow
def test_the_walk_in_customer_is_not_one_customer(admin: Actor) -> None:
    a, b, c = (make.product(name=name) for name in ("A", "B", "C"))
    walk_in = make.customer(walk_in=True)
    ann, bill = make.customer(), make.customer()
    bought(walk_in, 1, a, c)
    bought(ann, 2, a)
    bought(ann, 3, b)
    bought(bill, 3, a)

    by_customer = computed(admin, unit="customer")
    shown, _table = result(admin)

    assert by_customer.error is None
    assert shown.summary["searched"]["baskets"] == 2

    computed(admin)

    assert result(admin)[0].summary["searched"]["baskets"] == 4


@pytest.mark.slow
def test_next_products_come_with_the_rules(admin: Actor) -> None:
    a, b, c = (make.product(name=name) for name in ("A", "B", "C"))
    walk_in, ann, bill = make.customer(walk_in=True), make.customer(), make.customer()
    bought(walk_in, 1, c)
    bought(ann, 2, a, b)
    bought(bill, 3, a)

    computed(admin)

    with db.reading(admin) as session:
        shown = analyses.latest(session, "association_rules")
        assert isinstance(shown, Analysis)
        offers = analyses.table(session, shown.id, "offers")
        offered = analyses.table(session, shown.id, "offered")
    # C lies in a basket of the walk-in customer only: no customer has it
    assert offers["customer_id"].tolist() == [bill.id]
    assert offers["product_1"].tolist() == [b.id]
    assert offered[["name", "customers", "first"]].to_numpy().tolist() == [["B", 1, 1]]
    assert shown.summary["next_product"]["method"] == "popular"


@pytest.mark.slow
def test_what_was_bought_before_the_period_is_not_offered(admin: Actor) -> None:
    a, b = make.product(name="A"), make.product(name="B")
    ann, bill = make.customer(), make.customer()
    bought(ann, 1, b)
    bought(ann, 10, a)
    bought(bill, 11, a)
    bought(bill, 12, a, b)

    computed(admin, since="2026-03-09")

    with db.reading(admin) as session:
        shown = analyses.latest(session, "association_rules")
        assert shown is not None
    assert shown.summary["next_product"] == {"customers": 0}
