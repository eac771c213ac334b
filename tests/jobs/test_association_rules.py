"""Association rules from the orders to the stored result."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm import db
from crm.errors import NotEnoughData
from crm.frames import BASKETS, PRODUCTS, empty, typed
from crm.jobs import run_here
from crm.jobs.association_rules import rules
from crm.models import Actor, Analysis, Job, JobState, Product
from crm.services import analyses, jobs
from crm.services.analyses import Made
from tests import make
from tests.analytics.baskets import baskets

DAY = date(2026, 3, 31)
ASKED = {"min_support": 0.02, "min_confidence": 0.1, "max_items": 3, "check": "later"}
PRINTER, TONER, DECOY = PLANTED = 1, 2, 3
OTHERS = range(10, 20)


def planted() -> pd.DataFrame:
    """1,000 baskets over a hundred days: who buys a printer mostly takes toner.

    The decoy lies in 30 % of all baskets, whatever else does.
    """
    rng = np.random.default_rng(5)
    printer = rng.random(1000) < 0.15
    toner = rng.random(1000) < np.where(printer, 0.6, 0.05)
    decoy = rng.random(1000) < 0.3
    orders = [
        [other, *(one for one, there in zip(PLANTED, row, strict=True) if there)]
        for other, *row in zip(
            rng.choice(OTHERS, 1000).tolist(), printer, toner, decoy, strict=True
        )
    ]
    days = pd.date_range("2026-01-01", periods=1000, freq="144min").strftime("%Y-%m-%d")
    return baskets(*orders, days=list(days))


def named(*ids: int) -> pd.DataFrame:
    rows = [(one, f"SKU-{one}", f"Product {one}", "") for one in ids]
    return typed(rows, PRODUCTS)


@pytest.fixture(scope="module")
def found() -> Made:
    return rules(planted(), named(PRINTER, TONER, DECOY, *OTHERS), ASKED)


def standing(found: Made) -> pd.DataFrame:
    """The rules beyond chance, and beyond every shorter rule."""
    table = found.tables["rules"]
    return table[(table["q_value"] <= 0.05) & (table["q_shorter"] <= 0.05)]


def test_a_planted_rule_is_found_first(found: Made) -> None:
    first = found.tables["rules"].iloc[0]

    assert set(first["antecedents"] + first["consequents"]) == {PRINTER, TONER}


def test_a_planted_rule_holds_on_later_baskets(found: Made) -> None:
    first = found.tables["rules"].iloc[0]

    assert first["later_lift"] > 2
    assert first["later_p_value"] < 0.001


def test_a_decoy_is_in_no_rule_that_stands(found: Made) -> None:
    sides = standing(found)

    assert len(sides) == 2  # printer → toner, toner → printer
    assert DECOY not in {*sides["antecedents"].sum(), *sides["consequents"].sum()}


def test_a_decoy_beside_a_real_rule_adds_nothing(found: Made) -> None:
    table = found.tables["rules"]
    with_decoy = table[table["antecedents"] == (PRINTER, DECOY)].iloc[0]

    assert with_decoy["q_value"] < 0.05
    assert with_decoy["q_shorter"] > 0.05


def test_baskets_of_the_check_come_after_those_searched(found: Made) -> None:
    searched, held = found.summary["searched"], found.summary["held_out"]

    assert searched["baskets"] + held["baskets"] == 1000
    assert searched["last"] < held["first"]


def test_without_a_check_all_baskets_are_searched() -> None:
    made = rules(planted(), named(PRINTER), ASKED | {"check": "none"})

    assert made.summary["searched"]["baskets"] == 1000
    assert made.summary["held_out"]["baskets"] == 0
    assert made.tables["rules"]["later_lift"].isna().all()


def test_sales_of_one_day_are_checked_by_lot_and_that_is_told() -> None:
    made = rules(baskets(*[[1, 2], [1], [3]] * 10), named(1, 2, 3), ASKED)

    assert made.summary["held_out"]["baskets"] == 9  # 30 % of 30
    assert "drawn by lot" in made.summary["notes"][0][0]


def test_lower_ends_by_hand() -> None:
    ten = baskets(*[[1, 2]] * 4, [1], *[[3]] * 5)
    made = rules(ten, named(1, 2, 3), ASKED | {"check": "none"})

    table = made.tables["rules"]
    row = table[table["antecedents"] == (1,)].iloc[0]
    assert row["confidence_low"] == pytest.approx(0.3755, abs=5e-5)  # Wilson, 4 of 5
    assert row["lift_low"] == pytest.approx(0.3755 / 0.4, abs=5e-4)


def test_a_product_without_a_name_is_numbered() -> None:
    made = rules(baskets([1, 2], [1]), named(2), ASKED | {"check": "none"})

    names = made.tables["products"].set_index("product_id")["name"].to_dict()
    assert names == {1: "#1", 2: "Product 2"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (empty(BASKETS), "no sales"),
        (baskets([1], [1], [1]), "Only one product"),
        (baskets([1, 2], [1, 2], [1, 2]), "All 3 baskets of this time hold the same"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_words(
    table: pd.DataFrame, told: str
) -> None:
    with pytest.raises(NotEnoughData, match=told):
        rules(table, named(1, 2), ASKED)


def sold(owner: Actor, day: int, *products: Product) -> None:
    """A sale of these products on a day of March, to a customer of `owner`."""
    lines = [(product, 1, "10") for product in products]
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    make.order(make.customer(owner), *lines, ordered_at=at)


def computed(actor: Actor, **asked: Any) -> Job:
    given = ASKED | {"check": "none", "period": "all", "since": None} | asked
    with db.transaction(actor) as session:
        job = analyses.ask(session, "association_rules", "Rules", given, as_of=DAY)
    run_here(job.id)
    with db.reading(actor) as session:
        return jobs.job(session, job.id)


def result(actor: Actor) -> tuple[Analysis, pd.DataFrame]:
    with db.reading(actor) as session:
        shown = analyses.latest(session, "association_rules")
        assert shown is not None
        return shown, analyses.table(session, shown.id, "rules")


@pytest.fixture
def pair(database: str) -> tuple[Product, Product]:
    return make.product(name="Printer"), make.product(name="Toner")


@pytest.mark.slow
def test_from_orders_to_a_stored_result(
    admin: Actor, pair: tuple[Product, Product]
) -> None:
    for day in (1, 2, 3, 4):
        sold(admin, day, *pair)
    sold(admin, 5, pair[0])

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    shown, table = result(admin)
    assert shown.summary["searched"] == {
        "baskets": 5,
        "first": "2026-03-01",
        "last": "2026-03-05",
    }
    row = table[[list(left) == [pair[0].id] for left in table["antecedents"]]].iloc[0]
    assert (row["baskets"], row["confidence"]) == (4, 0.8)


@pytest.mark.slow
def test_only_the_days_asked_for_count(
    admin: Actor, pair: tuple[Product, Product]
) -> None:
    for day in (1, 2, 10, 11, 12):
        sold(admin, day, *pair)
    sold(admin, 20, pair[0])

    computed(admin, since="2026-03-10")

    assert result(admin)[0].summary["searched"]["baskets"] == 4


@pytest.mark.slow
def test_only_own_customers_are_looked_at(
    alice: Actor, charlie: Actor, pair: tuple[Product, Product]
) -> None:
    sold(alice, 1, *pair)
    sold(alice, 2, pair[0])
    sold(charlie, 3, *pair)

    computed(alice)

    assert result(alice)[0].summary["searched"]["baskets"] == 2


def test_a_refusal_is_the_error_of_the_job(admin: Actor) -> None:
    job = computed(admin)

    assert job.state is JobState.FAILED
    assert job.error == "There are no sales with products in this time."
