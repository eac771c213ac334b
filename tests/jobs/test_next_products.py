"""Next products as they are stored: which way, judged how."""

from datetime import date

import numpy as np
import pandas as pd

from crm.analytics.rules.rule_table import RULES
from crm.frames import BASKETS, empty, typed
from crm.jobs.next_products import next_products
from tests.jobs.test_association_rules import named

PAIRS = [(20 + 2 * n, 21 + 2 * n) for n in range(10)]
EVERYBODYS = [1, 2, 3, 4, 5, 6]
GOODS = named(*EVERYBODYS, *[one for pair in PAIRS for one in pair])


def history(*, paired: bool) -> pd.DataFrame:
    """300 customers over 100 days: first one of a pair, or of `EVERYBODYS`, and then
    the other of the pair, or if not `paired` any product."""
    rng = np.random.default_rng(7)
    rows = []
    for customer in range(300):
        pair = PAIRS[customer % 10]
        start = customer % 100
        rows.append((2 * customer, customer, start, pair[0]))
        rows += [(2 * customer, customer, start, rng.choice(EVERYBODYS))]
        later = pair[1] if paired else rng.choice(GOODS["product_id"])
        rows.append((2 * customer + 1, customer, start + 20, later))
    table = pd.DataFrame(rows, columns=["order_id", "customer_id", "day", "product_id"])
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(table["day"], unit="D")
    return typed(table.assign(ordered_on=days).drop_duplicates(), BASKETS)


def test_what_goes_together_is_offered_where_that_is_proved() -> None:
    made = next_products(history(paired=True), GOODS, since=None)

    rates = made.summary["hit_rates"]
    assert made.summary["method"] == "similar"
    assert rates["similar"][0] > 0.9
    assert rates["popular"][0] < 0.5
    assert made.summary["gains"]["similar"][1] > 0


def test_where_nothing_is_proved_the_popular_is_offered() -> None:
    made = next_products(history(paired=False), GOODS, since=None)

    assert made.summary["method"] == "popular"
    assert made.summary["gains"]["similar"][1] <= 0


def test_only_what_was_sold_lately_is_on_offer() -> None:
    table = history(paired=True)
    old = table[table["product_id"] == 1].index
    table.loc[old, "ordered_on"] = pd.Timestamp("2025-01-01")

    made = next_products(table, GOODS, since=date(2026, 1, 1))

    assert 1 not in set(made.tables["offered"]["product_id"])
    assert 2 in set(made.tables["offered"]["product_id"])


def test_customers_are_counted_by_product() -> None:
    made = next_products(history(paired=True), GOODS, since=None)

    offers, offered = made.tables["offers"], made.tables["offered"]
    best = offered.iloc[0]
    places = [f"product_{place}" for place in range(1, 6)]
    has = (offers[places] == best["product_id"]).any(axis=1)
    assert best["customers"] == has.sum()
    assert offered["first"].sum() == len(offers)
    assert best["name"] == f"Product {best['product_id']}"


def test_rules_are_judged_on_what_follows_the_day_they_end() -> None:
    rules = typed(
        [((20,), (21,), 9, 9, 9, 0.1, 1.0, 9.0, 0.1, 9.0, 0.001, 0.01, 0.01)], RULES
    )

    made = next_products(
        history(paired=True), GOODS, since=None, rules=(rules, date(2026, 3, 1))
    )

    assert made.summary["judged_from"] == "2026-03-01"
    assert len(made.summary["gains"]["rules"]) == 3


def test_rules_that_do_not_stand_are_not_compared() -> None:
    rules = typed(
        [((20,), (21,), 9, 9, 9, 0.1, 1.0, 9.0, 0.1, 9.0, 0.4, 0.9, 1.0)], RULES
    )

    made = next_products(
        history(paired=True), GOODS, since=None, rules=(rules, date(2026, 3, 1))
    )

    assert made.summary["gains"]["rules"] == [0.0, 0.0, 0.0]  # popularity is left


def test_sales_of_one_day_cannot_be_judged() -> None:
    table = history(paired=True).assign(ordered_on=pd.Timestamp("2026-01-01"))

    made = next_products(table, GOODS, since=None)

    assert (made.summary["judged"], made.summary["method"]) == (0, "popular")


def test_one_customer_who_has_everything_is_offered_nothing() -> None:
    table = history(paired=True).assign(customer_id=7)

    assert next_products(table, GOODS, since=None).summary == {"customers": 0}


def test_without_sales_there_is_nothing() -> None:
    made = next_products(empty(BASKETS), GOODS, since=None)

    assert (made.summary, made.tables) == ({"customers": 0}, {})


def test_with_one_product_there_is_nothing() -> None:
    table = history(paired=True).assign(product_id=1)

    assert next_products(table, GOODS, since=None).summary == {"customers": 0}
