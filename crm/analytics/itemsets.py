"""Frequent itemsets: products that lie in one basket together often enough."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Itemset = tuple[int, ...]  # product ids, ascending
Progress = Callable[[float], None]  # told the share done, 0 to 1

CHUNK = 8192  # baskets counted at a time


class TooManySets(Exception):
    """The search passed its limit; `enough` is a count that might keep within it."""

    def __init__(self, enough: int) -> None:
        super().__init__(enough)
        self.enough = enough


@dataclass(frozen=True)
class Coded:
    """Baskets reduced to what a search needs.

    Products are numbered by frequency, the most frequent 0; `distinct` holds each
    different basket once, ascending, with the number of its copies.
    """

    products: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    distinct: dict[tuple[int, ...], int]
    n_baskets: int


def encode(baskets: pd.DataFrame, min_count: int) -> Coded:
    """Baskets (as `crm.frames.BASKETS`) without products in fewer than `min_count`."""
    rows = baskets[["order_id", "product_id"]].drop_duplicates()
    counts = rows["product_id"].value_counts()
    counts = counts[counts >= min_count].sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    products = counts.index.to_numpy(dtype="int64")
    codes = pd.Series(range(len(products)), index=products).reindex(rows["product_id"])
    kept = codes.notna().to_numpy()
    code = codes.to_numpy()[kept].astype("int64")
    order = rows["order_id"].to_numpy()[kept]
    by_basket = np.lexsort((code, order))
    return Coded(
        products,
        counts.to_numpy(dtype="int64"),
        Counter(_groups(order[by_basket], code[by_basket])),
        int(rows["order_id"].nunique()),
    )


def _groups(
    keys: npt.NDArray[np.int64], values: npt.NDArray[np.int64]
) -> Iterator[tuple[int, ...]]:
    """The values of each run of equal keys."""
    if not len(keys):
        return
    cuts = [0, *(np.flatnonzero(np.diff(keys)) + 1).tolist(), len(keys)]
    flat = values.tolist()
    for start, stop in pairwise(cuts):
        yield tuple(flat[start:stop])


def frequent(
    coded: Coded,
    *,
    min_count: int,
    max_items: int,
    limit: int,
    on_progress: Progress | None = None,
) -> dict[Itemset, int]:
    """All sets of at most `max_items` products in at least `min_count` baskets.

    FP-growth (Han, Pei and Yin 2000) by mlxtend's tree, without its one-hot table:
    counts stay whole numbers, so a set exactly at the bound is kept, equal baskets
    cost one insertion, and memory follows the number of lines.

    Raises:
        TooManySets: there are more than `limit`.
    """
    from mlxtend.frequent_patterns.fpgrowth import fpg_step

    tree = _tree(coded, int((coded.counts >= min_count).sum()))
    place = {code: number / len(tree.nodes) for number, code in enumerate(tree.nodes)}
    found: dict[Itemset, int] = {}
    root = None
    for count, codes in fpg_step(tree, min_count, None, max_items, 0):
        if len(found) == limit:
            share = place.get(root, 0)
            raise TooManySets(_enough(found, limit * share / 2))
        found[tuple(sorted(coded.products[codes].tolist()))] = count
        if len(codes) > 1 and codes[0] != root:
            root = codes[0]
            if on_progress:
                on_progress(place[root])
    return found


def _enough(found: dict[Itemset, int], keep: float) -> int:
    """The count that about `keep` of these sets reach."""
    counts = sorted(found.values(), reverse=True)
    return counts[int(keep)]


def _tree(coded: Coded, n_items: int) -> Any:
    """mlxtend's tree of the baskets, of the `n_items` most frequent products."""
    from mlxtend.frequent_patterns.fpcommon import FPTree

    tree = FPTree()
    for basket, copies in coded.distinct.items():
        tree.insert_itemset([code for code in basket if code < n_items], copies)
    return tree


def count_in(
    baskets: pd.DataFrame, itemsets: Sequence[Itemset]
) -> npt.NDArray[np.int64]:
    """In how many of the baskets each of the itemsets lies.

    Baskets are columns of a bit matrix with a row per product, so that a set is
    counted by an AND of its rows, for all sets of one length at once.
    """
    products = sorted({product for items in itemsets for product in items})
    row = {product: number for number, product in enumerate(products)}
    lengths = np.array([len(items) for items in itemsets])
    groups = [
        (where, np.array([[row[i] for i in itemsets[at]] for at in where.tolist()]))
        for where in (np.flatnonzero(lengths == size) for size in set(lengths.tolist()))
    ]
    counts = np.zeros(len(itemsets), dtype="int64")
    for bits in _bit_chunks(baskets, row):
        for where, members in groups:
            together = bits[members[:, 0]]
            for column in members.T[1:]:
                together &= bits[column]
            counts[where] += np.bitwise_count(together).sum(axis=1, dtype="int64")
    return counts


def _bit_chunks(
    baskets: pd.DataFrame, row: dict[int, int]
) -> Iterator[npt.NDArray[np.uint8]]:
    """Product × basket bits, `CHUNK` baskets at a time."""
    known = baskets[baskets["product_id"].isin(list(row))]
    products = known["product_id"].map(row).to_numpy(dtype="int64")
    number = pd.factorize(known["order_id"])[0]
    order = np.argsort(number, kind="stable")
    products, number = products[order], number[order]
    edges = np.searchsorted(number, np.arange(0, len(number) + CHUNK, CHUNK))
    for start, stop in pairwise(edges.tolist()):
        if start < stop:
            dense = np.zeros((len(row), CHUNK), dtype=bool)
            dense[products[start:stop], number[start:stop] % CHUNK] = True
            yield np.packbits(dense, axis=1)
