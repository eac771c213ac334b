"""Baskets far larger than the others, and what they do to rules."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.rules import basket_sizes
from crm.analytics.rules.association_rules import mine
from crm.frames import BASKETS, empty
from tests.analytics.baskets import baskets, groceries

PRODUCTS = 100


def by_lot(*, giants: int, size: int) -> pd.DataFrame:
    """300 baskets of 3 products and some of `size`, all filled by lot."""
    rng = np.random.default_rng(7)
    sizes = [3] * 300 + [size] * giants
    drawn = [rng.choice(PRODUCTS, one, replace=False).tolist() for one in sizes]
    return baskets(*drawn)


def standing(table: pd.DataFrame) -> int:
    """How many rules seem to stand beyond chance, even after Holm."""
    found = mine(table, min_support=0.02, min_confidence=0.1, max_items=2)
    return int((found.table["holm"] <= 0.05).sum())


def test_what_is_far_out_of_line_by_hand() -> None:
    sizes = [10, 20, 20, 30, 30, 40, 40, 200]  # quartiles 20 and 40

    table = baskets(*(range(size) for size in sizes))

    assert basket_sizes.largest(table) == 40 + 3 * 20
    kept, others = basket_sizes.up_to(table, 100)
    assert (kept["order_id"].nunique(), others) == (7, 1)


def test_small_baskets_are_never_too_large() -> None:
    table = baskets(*[[1]] * 20, range(50))

    assert basket_sizes.largest(table) == 50
    assert basket_sizes.up_to(table, 50)[1] == 0


def test_a_product_twice_in_a_basket_counts_once() -> None:
    table = pd.concat([baskets(range(60))] * 2)

    assert basket_sizes.up_to(table, 60)[1] == 0


def test_without_baskets_there_is_nothing_to_leave_out() -> None:
    none = empty(BASKETS)

    assert basket_sizes.up_to(none, basket_sizes.largest(none))[1] == 0


def test_giants_filled_by_lot_seem_to_make_rules_and_none_are_left_without() -> None:
    table = by_lot(giants=20, size=80)

    kept, others = basket_sizes.up_to(table, basket_sizes.largest(table))

    assert others == 20
    assert standing(table) > 1000
    assert standing(kept) == 0


@pytest.mark.slow
def test_no_basket_of_the_groceries_is_left_out() -> None:
    table, _names = groceries()

    assert basket_sizes.up_to(table, basket_sizes.largest(table))[1] == 0
