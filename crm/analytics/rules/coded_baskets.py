"""Baskets reduced to what a search for frequent itemsets needs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Coded:
    """Baskets as rows of codes: products numbered by frequency, the most frequent 0.

    Equal baskets share rows: one of weight 1, 2, 4 … for each digit of their number
    in the binary system, so that a search counts bits, and few of them.

    Attributes:
        products: product id by code.
        counts: baskets with each product.
        n_baskets: baskets, those without any of these products too.
        items: the codes of one row after the other, ascending within each.
        starts: where each row begins in `items`, and where the last one ends.
        weights: baskets that a row stands for, ascending powers of two.
    """

    products: Ints
    counts: Ints
    n_baskets: int
    items: npt.NDArray[np.int32]
    starts: Ints
    weights: Ints


def encode(baskets: pd.DataFrame, min_count: int) -> Coded:
    """Baskets (as `crm.frames.BASKETS`) without products in fewer than `min_count`."""
    basket, orders = pd.factorize(baskets["order_id"])
    product, ids = pd.factorize(baskets["product_id"], sort=True)
    pairs = np.sort(basket.astype("int64") * len(ids) + product)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # np.unique takes 5 times as long
    basket, product = np.divmod(pairs, max(len(ids), 1))

    totals = np.bincount(product, minlength=len(ids))
    by_frequency = np.argsort(-totals, kind="stable")
    kept = by_frequency[totals[by_frequency] >= min_count]
    code = np.full(len(ids), -1, dtype="int64")
    code[kept] = np.arange(len(kept))

    codes = code[product]
    frequent = codes >= 0
    cells = np.sort(basket[frequent] * max(len(kept), 1) + codes[frequent])
    basket, codes = np.divmod(cells, max(len(kept), 1))
    items, starts, weights = _merged(basket, codes.astype("int32"), len(kept))
    products = ids.to_numpy(dtype="int64")[kept]
    return Coded(products, totals[kept], len(orders), items, starts, weights)


def ragged(starts: Ints, lengths: Ints) -> Ints:
    """The positions of all runs, which begin at `starts`, one run after the other."""
    before = np.cumsum(lengths) - lengths
    positions: Ints = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return positions


def _merged(
    basket: Ints, codes: npt.NDArray[np.int32], n_codes: int
) -> tuple[npt.NDArray[np.int32], Ints, Ints]:
    """`items`, `starts` and `weights` of `Coded`, from sorted baskets."""
    starts = np.flatnonzero(np.diff(basket, prepend=-1))
    lengths = np.diff(starts, append=len(codes))
    first, copies = _different(starts, codes, n_codes)
    rows, weights = [], []
    for digit in range(int(copies.max(initial=0)).bit_length()):
        held = first[(copies >> digit & 1).astype(bool)]
        rows.append(held)
        weights.append(np.full(len(held), 1 << digit))
    row = np.concatenate([np.empty(0, "int64"), *rows])
    ends = np.concatenate([[0], np.cumsum(lengths[row])])
    weight = np.concatenate([np.empty(0, "int64"), *weights])
    return codes[ragged(starts[row], lengths[row])], ends, weight


def _different(
    starts: Ints, codes: npt.NDArray[np.int32], n_codes: int
) -> tuple[Ints, Ints]:
    """One of each kind of basket, and how many there are of the kind.

    Baskets are told apart by two sums of random numbers of 64 bits, one for each
    product: that two different ones agree in both has a chance of 2 ** -128.
    """
    if not len(starts):
        return np.empty(0, "int64"), np.empty(0, "int64")
    marks = np.random.default_rng(0).integers(2**64, size=(2, n_codes), dtype="uint64")
    sums = [np.add.reduceat(mark[codes], starts) for mark in marks]
    order = np.argsort(sums[0])
    changes = np.zeros(len(starts), dtype=bool)
    changes[0] = True
    for one in sums:
        changes[1:] |= np.diff(one[order]) != 0
    borders = np.flatnonzero(changes)
    return order[borders], np.diff(borders, append=len(starts))
