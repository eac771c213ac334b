from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crm.analytics.rules import basket_pairs, bitmaps, itemset_counts, itemsets
from crm.analytics.rules.coded_baskets import encode
from crm.frames import BASKETS, empty
from tests.analytics.baskets import baskets, independent


def frequent(
    table: pd.DataFrame, min_count: int, *, max_items: int = 6, limit: int = 10_000
) -> dict[tuple[int, ...], int]:
    coded = encode(table, min_count)
    return itemsets.frequent(
        coded, min_count=min_count, max_items=max_items, limit=limit
    )


def by_hand(
    orders: list[list[int]], min_count: int, max_items: int
) -> dict[tuple[int, ...], int]:
    counts = Counter(
        items
        for order in orders
        for size in range(1, max_items + 1)
        for items in combinations(sorted(order), size)
    )
    return {items: count for items, count in counts.items() if count >= min_count}


@pytest.mark.parametrize("min_count", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("max_items", [2, 3, 6])
def test_every_frequent_set_is_found_with_its_count(
    min_count: int, max_items: int
) -> None:
    rng = np.random.default_rng(4)
    orders = [
        rng.choice([11, 5, 7, 90, 2, 33, 4], rng.integers(1, 6), replace=False).tolist()
        for _order in range(40)
    ]

    found = frequent(baskets(*orders), min_count, max_items=max_items)

    assert found == by_hand(orders, min_count, max_items)


@pytest.mark.parametrize("at_once", [1, 7, 2**30])
def test_how_many_sets_are_joined_at_once_changes_nothing(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitmaps, "PART", at_once)
    monkeypatch.setattr(basket_pairs, "BATCH", at_once)
    monkeypatch.setattr(basket_pairs, "STEPS", 1)
    rng = np.random.default_rng(5)
    drawn = [
        rng.choice(30, rng.integers(1, 9), replace=False).tolist()
        for _order in range(90)
    ]
    orders = [
        order for copies, order in enumerate(drawn) for _copy in range(copies % 4)
    ]

    assert frequent(baskets(*orders), 3) == by_hand(orders, 3, 6)


def test_every_weight_of_rows_begins_at_a_new_word() -> None:
    groups = np.repeat([0, 1], [3, 66])
    weights = np.repeat([1, 4, 1, 4], [2, 1, 65, 1])

    places, by_word = bitmaps.laid_out(groups, weights)

    assert by_word.tolist() == [1, 1, 4]
    assert places.tolist() == [0, 1, 128, *range(65), 128]


def test_only_rows_where_pairs_meet_have_bits() -> None:
    coded = encode(baskets([1, 2], [1, 2], [1, 2], [1, 2, 3], [1, 3]), 1)
    vertical = basket_pairs.Vertical(coded)

    third, second = vertical.pairs(2, 3, 1), vertical.pairs(1, 2, 1)

    assert third.codes.tolist() == [[2, 0], [2, 1]]
    assert third.counts.tolist() == [2, 1]
    assert third.level().bits.tolist() == [[1 << 7], [1 << 7]]  # 1 bit, of [1, 2, 3]
    assert second.counts.tolist() == [4]
    assert second.level().bits.shape == (1, 0)


def test_a_product_twice_in_an_order_counts_once() -> None:
    assert frequent(baskets([1, 1, 2]), 1) == {(1,): 1, (2,): 1, (1, 2): 1}


def test_too_many_sets_end_the_search() -> None:
    with pytest.raises(itemsets.TooManySets):
        frequent(baskets(*[range(10)] * 3), 1, limit=50)


def test_the_search_tells_how_far_it_is() -> None:
    table = independent(300, [60] * 12, seed=1)
    coded, told = encode(table, 3), []

    itemsets.frequent(
        coded, min_count=3, max_items=3, limit=10_000, on_progress=told.append
    )

    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] < 1


def test_sets_are_counted_across_the_borders_of_chunks() -> None:
    n = itemset_counts.CHUNK
    table = independent(2 * n + 5, [n, 2 * n + 5, 3], seed=2)

    counts = itemset_counts.count_in(table, [(0,), (1,), (0, 1), (2,), (0, 9)])

    assert counts.tolist() == [n, 2 * n + 5, n, 3, 0]


def test_in_no_baskets_there_is_nothing_to_count() -> None:
    assert itemset_counts.count_in(empty(BASKETS), [(1,), (1, 2)]).tolist() == [0, 0]
