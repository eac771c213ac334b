"""Pairs of products that lie in one basket together often enough."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crm.analytics.bitmaps import Level, laid_out, packed
from crm.analytics.coded_baskets import Coded, Ints, ragged

BATCH = (
    2**24
)  # bytes that the products of a batch may take, unless one alone needs more
STEPS = 16  # batches at least, so that a progress bar moves


@dataclass(frozen=True)
class Pairs:
    """Frequent pairs of some products, each with a more frequent product.

    A cell is a row with one of the former, where it is not the most frequent product.

    Attributes:
        codes: pairs × 2, the rarer product first; ascending.
        counts: baskets with each pair.
        firsts: the rarer product of each cell, ascending.
        weights: baskets that the row of each cell stands for.
        lines: which of the pairs …
        cells: … lies in which cell, for each time that one does.
    """

    codes: Ints
    counts: Ints
    firsts: Ints
    weights: Ints
    lines: Ints
    cells: Ints

    def level(self) -> Level:
        """The pairs with bits for the cells where two of them meet, or more."""
        meet = np.bincount(self.cells, minlength=len(self.firsts)) > 1
        places = np.zeros(len(meet), dtype="int64")
        groups = self.firsts[meet] - self.firsts.min(initial=0)
        places[meet], weights = laid_out(groups, self.weights[meet])
        used = meet[self.cells]
        shape = len(self.codes), len(weights)
        bits = packed(self.lines[used], places[self.cells[used]], shape)
        return Level(self.codes, self.counts, self.codes[:, 0], bits, weights)


class Vertical:
    """Coded baskets by product."""

    def __init__(self, coded: Coded) -> None:
        from scipy.sparse import csr_array

        lengths = np.diff(coded.starts)
        before = np.arange(len(coded.items)) - np.repeat(coded.starts[:-1], lengths)
        shape = len(lengths), len(coded.products)
        cells = csr_array((before, coded.items, coded.starts), shape=shape).tocsc()
        cells.eliminate_zeros()  # no pairs where a product is the most frequent one
        self._coded = coded
        self._rows: Ints = cells.indices
        self._before: Ints = cells.data  # products more frequent, in the same row
        self._ends: Ints = cells.indptr

    def batches(self, n: int) -> Iterator[tuple[int, int]]:
        """Bounds of codes to be searched at once, from the rarest of the first `n` on."""
        rows = np.diff(self._ends)
        pairs = np.diff(np.concatenate([[0], np.cumsum(self._before)])[self._ends])
        high = n
        while high:
            some = slice(max(high - max(n // STEPS, 1), 0), high)
            most = np.maximum.accumulate(rows[some][::-1])
            table = np.arange(1, len(most) + 1) * high
            size = table * (64 + most) + 64 * np.cumsum(pairs[some][::-1])
            low = high - max(1, int(np.searchsorted(size, BATCH, side="right")))
            yield low, high
            high = low

    def pairs(self, low: int, high: int, min_count: int) -> Pairs:
        """Those whose rarer product has a code from `low` to before `high`."""
        some = slice(self._ends[low], self._ends[high])
        rows, before = self._rows[some], self._before[some]
        weights = self._coded.weights[rows]
        firsts = np.repeat(np.arange(low, high), np.diff(self._ends[low : high + 1]))
        seconds = self._coded.items[ragged(self._coded.starts[rows], before)]
        pair = np.repeat((firsts - low) * high, before) + seconds

        n = (high - low) * high
        counts = np.bincount(pair, weights=np.repeat(weights, before), minlength=n)
        kept = np.flatnonzero(counts >= min_count)
        line = np.full(n, -1)
        line[kept] = np.arange(len(kept))
        lines = line[pair]
        inside = lines >= 0
        cells = np.repeat(np.arange(len(before)), before)[inside]
        codes = np.column_stack(np.divmod(kept, high)) + [low, 0]
        joint = counts[kept].astype("int64")
        return Pairs(codes, joint, firsts, weights, lines[inside], cells)
