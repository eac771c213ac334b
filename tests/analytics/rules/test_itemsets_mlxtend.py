"""The search finds what mlxtend finds, on any baskets; and it bears extreme ones."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import association_rules, fpgrowth

from crm.analytics.rules.association_rules import mine
from crm.analytics.rules.coded_baskets import encode
from crm.analytics.rules.itemsets import Itemset, frequent
from tests.analytics.baskets import baskets, groceries

ONE = st.sets(st.integers(1, 9), min_size=1, max_size=7)
SOME = st.lists(st.tuples(ONE, st.integers(1, 5)), min_size=1, max_size=25)

Orders = list[set[int]]


def found(orders: Orders, min_count: int, max_items: int) -> dict[Itemset, int]:
    coded = encode(baskets(*orders), min_count)
    return frequent(coded, min_count=min_count, max_items=max_items, limit=10_000)


def one_hot(orders: Orders) -> pd.DataFrame:
    products = sorted(set().union(*orders))
    return pd.DataFrame(
        [[one in order for one in products] for order in orders], columns=products
    )


def theirs(orders: Orders, min_count: int, max_items: int) -> pd.DataFrame:
    """mlxtend drops some sets exactly at the bound: it is told half a basket less."""
    share = (min_count - 0.5) / len(orders)
    return fpgrowth(
        one_hot(orders), min_support=share, max_len=max_items, use_colnames=True
    )


def repeated(drawn: list[tuple[set[int], int]], bound: int) -> tuple[Orders, int]:
    """The baskets in their copies, and a number of them, `bound` at most."""
    orders = [order for order, copies in drawn for _copy in range(copies)]
    return orders, min(bound, len(orders))


@settings(deadline=None, max_examples=80)
@given(SOME, st.integers(1, 12), st.integers(2, 7))
@pytest.mark.slow
def test_the_sets_are_those_of_mlxtend(
    drawn: list[tuple[set[int], int]], bound: int, max_items: int
) -> None:
    orders, min_count = repeated(drawn, bound)

    table = theirs(orders, min_count, max_items)

    assert found(orders, min_count, max_items) == {
        tuple(sorted(items)): round(support * len(orders))
        for items, support in zip(table["itemsets"], table["support"], strict=True)
    }


@settings(deadline=None, max_examples=15)
@given(SOME, st.integers(1, 6))
@pytest.mark.slow
def test_the_measures_are_those_of_mlxtend(
    drawn: list[tuple[set[int], int]], bound: int
) -> None:
    orders, min_count = repeated(drawn, bound)
    sets = theirs(orders, min_count, 4)
    assume((sets["itemsets"].map(len) > 1).any())  # without, mlxtend raises
    sides, measures = ["antecedents", "consequents"], ["support", "confidence", "lift"]

    ours = mine(
        baskets(*orders),
        min_support=min_count / len(orders),
        min_confidence=0,
        max_items=4,
    )

    with np.errstate(invalid="ignore"):
        rules = association_rules(sets, min_threshold=0)
    rules = rules[rules["consequents"].map(len) == 1]
    for side in sides:
        rules[side] = [tuple(sorted(items)) for items in rules[side]]
    certain = rules["consequent support"] == 1  # 0 / 0: they say inf, we say 1
    rules["conviction"] = rules["conviction"].mask(certain, 1.0)
    names = [*measures, "leverage", "conviction"]
    pd.testing.assert_frame_equal(
        ours.table.set_index(sides)[names].sort_index(),
        rules.set_index(sides)[names].sort_index(),
    )


@pytest.mark.slow
def test_the_sets_of_groceries_are_those_of_mlxtend() -> None:
    table, _names = groceries()
    orders = table.groupby("order_id")["product_id"].agg(set).tolist()

    expected = theirs(orders, 20, 6)

    coded = encode(table, 20)
    sets = frequent(coded, min_count=20, max_items=6, limit=100_000)
    counts = (expected["support"] * len(orders)).round().astype(int)
    assert sets == {
        tuple(sorted(items)): count
        for items, count in zip(expected["itemsets"], counts, strict=True)
    }


def alike(count: int, items: int) -> pd.DataFrame:
    """So many baskets, each with the products 1 to `items`."""
    return pd.DataFrame(
        {
            "order_id": np.repeat(np.arange(count), items),
            "product_id": np.tile(np.arange(1, items + 1), count),
        }
    )


@pytest.mark.slow
def test_a_million_baskets_alike_are_one() -> None:
    coded = encode(alike(1_000_000, 12), 10_000)
    assert len(coded.weights) <= 20  # rows of powers of two, not a row a basket

    sets = frequent(coded, min_count=10_000, max_items=12, limit=10_000)

    assert len(sets) == 2**12 - 1
    assert set(sets.values()) == {1_000_000}


def test_equal_baskets_share_rows_of_powers_of_two() -> None:
    coded = encode(alike(11, 3), 1)  # 11 = 1 + 2 + 8

    assert coded.weights.tolist() == [1, 2, 8]
    assert coded.items.tolist() == [0, 1, 2] * 3


@pytest.mark.parametrize("copies", [1, 63, 64, 65, 200])
def test_a_product_in_every_basket_is_counted(copies: int) -> None:
    orders = [{1}, {1, 2}, {1, 2, 3}] * copies

    assert found(orders, 1, 3) == {
        (1,): 3 * copies,
        (2,): 2 * copies,
        (3,): copies,
        (1, 2): 2 * copies,
        (1, 3): copies,
        (2, 3): copies,
        (1, 2, 3): copies,
    }


def test_no_product_is_frequent_enough() -> None:
    assert found([{1}, {2}, {3}], 2, 3) == {}


@pytest.mark.slow
def test_memory_follows_the_lines_not_the_products() -> None:
    wide = pd.DataFrame({"order_id": np.arange(40_000) // 2})
    wide["product_id"] = np.random.default_rng(1).integers(20_000, size=40_000)

    tracemalloc.start()
    frequent(encode(wide, 1), min_count=1, max_items=3, limit=200_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20_000 * 20_000 / 8 / 2  # half of a bit for each basket and product
