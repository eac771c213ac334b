"""The search for frequent itemsets, kept within bounds on any input."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from crm.analytics.notes import Note
from crm.analytics.rules.coded_baskets import Coded, encode
from crm.analytics.rules.itemsets import Itemset, Progress, TooManySets, frequent
from crm.errors import Invalid, NotEnoughData
from crm.i18n import N_, _

MAX_ITEMSETS = 200_000
MAX_CELLS = 20_000_000  # products summed over distinct baskets: about 2 GB at most

SAMPLED = N_("Searched in a random sample of {used} of {all} baskets.")
SHORTENED = N_(
    "More than {limit} sets of products were frequent, so the search kept to rules of "
    "at most {items} products."
)
RAISED = N_(
    "More than {limit} sets of products were frequent, so the search kept to those in "
    "at least {count} baskets."
)


@dataclass(frozen=True)
class Search:
    """What was found, the bounds in force, and in words where they had to give way."""

    sets: dict[Itemset, int]
    coded: Coded
    min_count: int
    max_items: int
    notes: tuple[Note, ...]


def search(
    baskets: pd.DataFrame,
    *,
    min_support: float,
    max_items: int,
    on_progress: Progress | None = None,
) -> Search:
    """All frequent sets; beyond `MAX_ITEMSETS`, of fewer products or more baskets.

    Raises:
        NotEnoughData: no baskets.
        Invalid: products that always come together leave too many sets in any case.
    """
    coded, asked, notes = _coded(baskets, min_support)
    count, items = asked, max_items
    while True:
        try:
            sets = frequent(
                coded,
                min_count=count,
                max_items=items,
                limit=MAX_ITEMSETS,
                on_progress=on_progress,
            )
            break
        except TooManySets as gave_up:
            count, items = _narrower(count, items, coded.n_baskets, gave_up.enough)
    told = {"limit": MAX_ITEMSETS, "items": items, "count": count}
    notes += (Note(SHORTENED, told),) * (items < max_items)
    notes += (Note(RAISED, told),) * (count > asked)
    return Search(sets, coded, count, items, notes)


def at_least(share: float, n: int) -> int:
    """The smallest whole number that is at least `share` of `n`, and at least 1."""
    return max(1, ceil(share * n - 1e-9))  # 0.28 * 25 is 7.000000000000001


def _coded(
    baskets: pd.DataFrame, min_support: float
) -> tuple[Coded, int, tuple[Note, ...]]:
    orders = baskets["order_id"].unique()
    if not len(orders):
        raise NotEnoughData(_("There are no sales with products yet."))
    min_count = at_least(min_support, len(orders))
    coded = encode(baskets, min_count)
    cells = len(coded.items)
    if cells <= MAX_CELLS:
        return coded, min_count, ()

    used = len(orders) * MAX_CELLS // cells
    sample = np.random.default_rng(0).choice(orders, used, replace=False)
    min_count = at_least(min_support, used)
    coded = encode(baskets[baskets["order_id"].isin(sample)], min_count)
    return coded, min_count, (Note(SAMPLED, {"used": used, "all": len(orders)}),)


def _narrower(count: int, items: int, n: int, enough: int) -> tuple[int, int]:
    """Bounds (baskets, products) to try next: fewer products, then more baskets."""
    if items > 3:
        return count, 3
    if count < n:
        return min(n, max(count * 5 // 4 + 1, min(enough, 8 * count))), items
    if items > 2:
        return n, 2
    raise Invalid(_("Too many products always lie in the same baskets."))
