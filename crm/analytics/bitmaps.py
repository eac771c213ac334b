"""Baskets as bits, and which products are frequent beside a given one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crm.analytics.coded_baskets import Coded, Ints, ragged

Words = npt.NDArray[np.uint64]

WORD = 64  # bits


@dataclass(frozen=True)
class Layout:
    """Which bit stands for which row; rows of one weight begin at a new word.

    Attributes:
        places: the bit of each row.
        starts: the first word of each weight.
        weights: the weights, as whole numbers.
        words: how many there are in all.
    """

    places: Ints
    starts: Ints
    weights: Ints
    words: int

    def counts(self, bits: Words) -> Ints:
        """Baskets in each line of bits."""
        ones = np.bitwise_count(bits)
        if len(self.starts) == 1:
            counts: Ints = ones.sum(axis=1, dtype="int64") * self.weights[0]
            return counts
        by_weight = np.add.reduceat(ones, self.starts, axis=1, dtype="int64")
        total: Ints = by_weight @ self.weights
        return total


@dataclass(frozen=True)
class Beside:
    """Products frequent in the baskets of a given one, and more frequent than it.

    Attributes:
        codes: theirs, ascending.
        counts: baskets with each of them and the given one.
        bits: a line for each, over the rows of the given one; see `layout`.
    """

    codes: list[int]
    counts: list[int]
    bits: Words
    layout: Layout


class Vertical:
    """Coded baskets by product."""

    def __init__(self, coded: Coded) -> None:
        self._coded = coded
        self._cells = np.argsort(coded.items, kind="stable")  # by product, then row
        ends = np.cumsum(np.bincount(coded.items, minlength=len(coded.products)))
        self._ends = np.concatenate([[0], ends]).tolist()

    def beside(self, code: int, min_count: int) -> Beside:
        """The products of smaller code in at least `min_count` baskets with `code`."""
        cells = self._cells[self._ends[code] : self._ends[code + 1]]
        rows = self._row_of[cells]
        starts, weights = self._coded.starts[rows], self._coded.weights[rows]
        lengths = cells - starts
        items = self._coded.items[ragged(starts, lengths)]
        counts = _weighed(items, np.repeat(weights, lengths), code)
        kept = np.flatnonzero(counts >= min_count)

        layout = _layout(weights)
        line = np.full(code, -1)
        line[kept] = np.arange(len(kept))
        lines = line[items]
        inside = lines >= 0
        bits = np.zeros((len(kept), layout.words * WORD), dtype=bool)
        bits[lines[inside], np.repeat(layout.places, lengths)[inside]] = True
        return Beside(
            kept.tolist(),
            counts[kept].tolist(),
            np.packbits(bits, axis=1).view("uint64"),
            layout,
        )

    @cached_property
    def _row_of(self) -> Ints:
        """The row of each cell."""
        lengths = np.diff(self._coded.starts)
        return np.repeat(np.arange(len(lengths)), lengths)


def _weighed(items: npt.NDArray[np.int32], weights: Ints, n: int) -> Ints:
    """The weight of each of the first `n` items; exact below 2 ** 53."""
    return np.bincount(items, weights=weights, minlength=n).astype("int64")


def _layout(weights: Ints) -> Layout:
    """For rows of these weights, which ascend."""
    starts = np.flatnonzero(np.diff(weights, prepend=0))
    sizes = np.diff(starts, append=len(weights))
    words = -(-sizes // WORD)
    first = np.cumsum(words) - words
    places = np.arange(len(weights)) + np.repeat(first * WORD - starts, sizes)
    return Layout(places, first, weights[starts], int(words.sum()))
