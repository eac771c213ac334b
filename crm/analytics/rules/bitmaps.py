"""Frequent sets with their baskets as bits, and the sets of one product more."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm.analytics.rules.coded_baskets import Ints, ragged

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

WORD = 64  # bits
PART = 2**16  # words joined at a time, unless one set alone needs more


@dataclass(frozen=True)
class Level:
    """Frequent sets of one length, two products or more.

    Attributes:
        codes: sets × products, the rarest product of each set first.
        counts: baskets with each set.
        stems: ascending numbers, equal for sets alike but for the last product; those
            sets lie together, in the order of that product's code.
        bits: sets × words: a bit for each row with the set's first product, or for each
            that may matter.
        weights: how many baskets a bit of each word stands for.
    """

    codes: Ints
    counts: Ints
    stems: Ints
    bits: Words
    weights: Floats

    def longer(self, min_count: int) -> Iterator["Level"]:
        """The frequent sets of one product more, part by part.

        Two sets of one stem make one; those of a new stem are all in one part.
        """
        first = np.searchsorted(self.stems, self.stems)
        partners = np.arange(len(first)) - first
        for low, high in _parts(partners, PART // max(len(self.weights), 1)):
            later = np.repeat(np.arange(low, high), partners[low:high])
            earlier = ragged(first[low:high], partners[low:high])
            bits = self.bits.take(earlier, axis=0)
            bits &= self.bits.take(later, axis=0)
            counts = np.bitwise_count(bits) @ self.weights  # exact below 2 ** 53
            kept = np.flatnonzero(counts >= min_count)
            stems = later[kept]
            codes = np.column_stack([self.codes[stems], self.codes[earlier[kept], -1]])
            joint = counts[kept].astype("int64")
            yield Level(codes, joint, stems, bits[kept], self.weights)


def packed(lines: Ints, places: Ints, shape: tuple[int, int]) -> Words:
    """Lines × words of bits, those of these lines and places set."""
    n, words = shape
    bits = np.zeros((n, words * WORD), dtype=bool)
    bits[lines, places] = True
    return np.packbits(bits, axis=1).view("uint64")


def laid_out(groups: Ints, weights: Ints) -> tuple[Ints, Floats]:
    """The place of each row among its group's bits, and the weight of each word.

    Groups are whole numbers from 0 on, ascending, and the weights of a group ascend.
    The words are the same for all groups: each weight has as many as the group with the
    most rows of it fills.
    """
    kinds, kind = np.unique(weights, return_inverse=True)
    runs = groups * len(kinds) + kind
    n_groups = int(groups.max(initial=0)) + 1
    sizes = np.bincount(runs, minlength=n_groups * len(kinds))
    words = -(-sizes.reshape(n_groups, len(kinds)).max(axis=0) // WORD)
    begins = (np.cumsum(words) - words) * WORD
    within = np.arange(len(runs)) - np.searchsorted(runs, runs)
    return begins[kind] + within, np.repeat(kinds, words).astype("float64")


def _parts(sizes: Ints, most: int) -> Iterator[tuple[int, int]]:
    """Bounds of neighbours that together are at most that large, or of a single one.

    They leave out those of no size at the end.
    """
    ends = np.cumsum(sizes)
    low = done = 0
    while done < sizes.sum():
        high = max(low + 1, int(np.searchsorted(ends, done + most, side="right")))
        yield low, high
        low, done = high, int(ends[high - 1])
