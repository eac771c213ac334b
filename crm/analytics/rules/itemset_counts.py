"""Given itemsets counted in baskets, such as those held out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.rules.itemsets import Itemset

CHUNK = 8192  # baskets counted at a time


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
