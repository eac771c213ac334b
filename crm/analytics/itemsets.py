"""Frequent itemsets: products that lie in one basket together often enough.

A vertical search (Zaki 2000, “Scalable algorithms for association mining”): each
product has a bit for every basket, and the baskets with all products of a set are an
AND of theirs. Depth first, from the rarest product on, and only within its baskets: so
each set is met once, where the fewest bits are. Counts are whole numbers: a set exactly
at the bound is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from crm.analytics.bitmaps import Beside, Layout, Vertical, Words
from crm.analytics.coded_baskets import Coded

Itemset = tuple[int, ...]  # product ids, ascending
Progress = Callable[[float], None]  # told the share done, 0 to 1


class TooManySets(Exception):
    """The search passed its limit; `enough` is a count that might keep within it."""

    def __init__(self, enough: int) -> None:
        super().__init__(enough)
        self.enough = enough


def frequent(
    coded: Coded,
    *,
    min_count: int,
    max_items: int,
    limit: int,
    on_progress: Progress | None = None,
) -> dict[Itemset, int]:
    """All sets of at most `max_items` products in at least `min_count` baskets.

    Memory follows the number of lines in the baskets, not that of products.

    Raises:
        TooManySets: there are more than `limit`.
    """
    search = _Search(min_count, max_items, limit)
    vertical = Vertical(coded)
    roots = int((coded.counts >= min_count).sum())
    for place, code in enumerate(reversed(range(roots))):
        search.share = place / roots
        if on_progress:
            on_progress(search.share)
        search.add((code,), int(coded.counts[code]))
        search.follow((code,), vertical.beside(code, min_count))
    names = coded.products.tolist()
    return {
        tuple(sorted([names[code] for code in codes])): count
        for codes, count in search.found.items()
    }


@dataclass
class _Search:
    """The sets found so far, as codes from the rarest product on."""

    min_count: int
    max_items: int
    limit: int
    share: float = 0.0  # of the products done
    found: dict[tuple[int, ...], int] = field(default_factory=dict)

    def add(self, codes: tuple[int, ...], count: int) -> None:
        if len(self.found) == self.limit:
            raise TooManySets(self._enough())
        self.found[codes] = count

    def follow(self, root: tuple[int, ...], beside: Beside) -> None:
        """All sets that begin with `root`."""
        self._extend(root, beside.codes, beside.counts, beside.bits, beside.layout)

    def _extend(
        self,
        prefix: tuple[int, ...],
        codes: list[int],
        counts: list[int],
        bits: Words,
        layout: Layout,
    ) -> None:
        for at in reversed(range(len(codes))):
            grown = (*prefix, codes[at])
            self.add(grown, counts[at])
            if at and len(grown) < self.max_items:
                both = bits[:at] & bits[at]
                joint = layout.counts(both)
                kept = np.flatnonzero(joint >= self.min_count)
                self._extend(
                    grown,
                    [codes[one] for one in kept.tolist()],
                    joint[kept].tolist(),
                    both[kept],
                    layout,
                )

    def _enough(self) -> int:
        """The count that as many of these sets reach as half the limit has room for."""
        counts = sorted(self.found.values(), reverse=True)
        return counts[int(self.limit * self.share / 2)]
