"""Pairs of products that lie in one basket together often enough."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.rules.bitmaps import Level, laid_out, packed
from crm.analytics.rules.coded_baskets import Coded, Ints, ragged

BATCH = 2**24  # bytes for products searched at once, unless one alone needs more
STEPS = 8  # so many batches at least, to show progress

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Pairs:
    """Frequent pairs of some products, each with a more frequent product.

    A cell is a row with one of the former, where it is not the most frequent product.

    Attributes:
        codes: pairs × 2, the rarer product first; ascending.
        counts: baskets with each pair.
        groups: the rarer product of each cell: 0 for the first of them; ascending.
        weights: baskets that the row of each cell stands for.
        lines: which of the pairs …
        cells: … lies in which cell, for each time that one does.
    """

    codes: Ints
    counts: Ints
    groups: Ints
    weights: Ints
    lines: Ints
    cells: Ints

    def level(self) -> Level:
        """The pairs with bits for the cells where two of them meet, or more."""
        meet = np.bincount(self.cells, minlength=len(self.groups)) > 1
        places = np.zeros(len(meet), dtype="int64")
        places[meet], weights = laid_out(self.groups[meet], self.weights[meet])
        used = meet[self.cells]
        shape = len(self.codes), len(weights)
        bits = packed(self.lines[used], places[self.cells[used]], shape)
        return Level(self.codes, self.counts, self.codes[:, 0], bits, weights)


class Vertical:
    """Coded baskets by product."""

    def __init__(self, coded: Coded) -> None:
        from scipy.sparse import csr_array

        starts = coded.starts.astype("int32")  # half the memory of the search
        lengths = np.diff(starts)
        before = np.arange(starts[-1], dtype="int32") - np.repeat(starts[:-1], lengths)
        shape = len(lengths), len(coded.products)
        cells = csr_array((before, coded.items, starts), shape=shape).tocsc()
        cells.eliminate_zeros()  # no pairs where a product is the most frequent one
        self._coded = coded
        self._rows: Int32s = cells.indices
        self._before: Int32s = cells.data  # products more frequent, in the same row
        self._ends: Int32s = cells.indptr  # of the cells of each product
        self._pairs: Ints = cells.sum(axis=0)  # in the cells of each product

    def batches(self, n: int) -> Iterator[tuple[int, int]]:
        """Bounds of codes to search at once, from the rarest of the first `n` on."""
        high = n
        while high:
            most = min(max(n // STEPS, 1), high)
            sizes = self._sizes(high, most)
            low = high - max(1, int(np.searchsorted(sizes, BATCH, side="right")))
            yield low, high
            high = low

    def pairs(self, low: int, high: int, min_count: int) -> Pairs:
        """Those whose rarer product has a code from `low` to before `high`."""
        some = slice(self._ends[low], self._ends[high])
        rows, before = self._rows[some], self._before[some].astype("int64")
        weights = self._coded.weights[rows]
        sizes = np.diff(self._ends[low : high + 1])
        groups = np.repeat(np.arange(high - low), sizes)
        seconds = self._coded.items[ragged(self._coded.starts[rows], before)]
        cells = np.repeat(np.arange(len(rows)), before)
        pair = groups[cells] * high + seconds
        n = (high - low) * high
        counts = np.bincount(pair, weights=weights[cells], minlength=n)
        kept = np.flatnonzero(counts >= min_count)
        lines = _positions(kept, n)[pair]
        inside = lines >= 0
        codes = np.column_stack([kept // high + low, kept % high])
        joint = counts[kept].astype("int64")
        return Pairs(codes, joint, groups, weights, lines[inside], cells[inside])

    def _sizes(self, high: int, most: int) -> Ints:
        """Bytes, roughly, for the last one, two … `most` of the codes below `high`."""
        some = slice(high - most, high)
        rows = np.maximum.accumulate(np.diff(self._ends)[some][::-1])
        pairs = np.cumsum(self._pairs[some][::-1])
        sizes: Ints = np.arange(1, most + 1) * high * (64 + rows) + 64 * pairs
        return sizes


def _positions(kept: Ints, n: int) -> Ints:
    """Where each of `n` numbers is among those kept, -1 for the others."""
    positions = np.full(n, -1)
    positions[kept] = np.arange(len(kept))
    return positions
