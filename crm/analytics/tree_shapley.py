"""What each feature adds to what a tree says, exactly (Shapley values).

A tree that does not know some features takes both ways where it asks for them,
weighted by the customers who went each way when it grew; a feature's value is what it
adds, averaged over all orders in which features may become known: the "path-dependent"
TreeSHAP of Lundberg, Erion and Lee (2018). It is added up here leaf by leaf: few
features lie on the way to a leaf, so that all their subsets can be gone through once,
and a row only looks up which of its conditions hold.
"""

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt

ROWS = 50_000  # looked at together, to bound the memory

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """The way to one leaf: per feature a range of values, and a share.

    `share` is that of customers who go on towards the leaf where the tree asks for
    the feature; several questions about one feature are multiplied.
    """

    value: float
    features: tuple[int, ...]
    above: Floats  # values of this and less leave the way
    upto: Floats
    share: Floats


def contributions(trees: list[list[Way]], z: Floats) -> Floats:
    """Summed over the trees, one row per row of `z`, one column per feature.

    A row's sum plus the mean of the trees over the customers they grew from is what
    the trees say of it.
    """
    moved = np.zeros(z.shape)
    known = [(way, _table(way)) for tree in trees for way in tree if way.features]
    for start in range(0, len(z), ROWS):
        part = np.asfortranarray(z[start : start + ROWS])
        total = np.zeros(part.shape, order="F")
        for way, table in known:
            held = _held(way, part)
            for place, feature in enumerate(way.features):
                total[:, feature] += table[place, held]
        moved[start : start + ROWS] = total
    return moved


def _held(way: Way, z: Floats) -> npt.NDArray[np.int64]:
    """Which conditions of the way hold for each row, as bits."""
    bits = np.zeros(len(z), dtype="int64")
    for place, feature in enumerate(way.features):
        x = z[:, feature]
        bits |= ((x > way.above[place]) & (x <= way.upto[place])).astype(
            "int64"
        ) << place
    return bits


def _table(way: Way) -> Floats:
    """What the leaf adds: for each feature of the way, by bits of held conditions.

    Of a set of known features the leaf's weight is its value, times the share of each
    unknown one, if all the known conditions hold; else nothing.
    """
    count = len(way.features)
    bits = np.arange(2**count)
    holds = (bits[:, None] >> np.arange(count)) & 1
    table = np.zeros((count, len(bits)))
    for place in range(count):
        others = [other for other in range(count) if other != place]
        gained = holds[:, place] - way.share[place]
        for size in range(count):
            weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
            for given in combinations(others, size):
                unknown = [other for other in others if other not in given]
                passed = holds[:, list(given)].all(axis=1) * way.share[unknown].prod()
                table[place] += weight * gained * passed
    return way.value * table
