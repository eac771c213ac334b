"""Frequent itemsets: products that lie in one basket together often enough.

A vertical search (Zaki 2000, “Scalable algorithms for association mining”): each
product has a bit for every basket, and the baskets with all products of a set are an
AND of theirs. From the rarest products on, and only within their baskets: so each set
is met once, where the fewest bits are. Many sets are joined in one step: breadth first
as long as their bits are few, then depth first. Counts are whole numbers: a set exactly
at the bound is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from crm.analytics.rules.basket_pairs import Vertical
from crm.analytics.rules.bitmaps import Level
from crm.analytics.rules.coded_baskets import Coded, Ints

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
    """All sets in at least `min_count` baskets, of at most `max_items` products (2 on).

    Memory follows the number of lines in the baskets, not that of products.

    Raises:
        TooManySets: there are more than `limit`.
    """
    search = _Search(min_count, max_items, limit)
    vertical = Vertical(coded)
    roots = int((coded.counts >= min_count).sum())
    for low, high in vertical.batches(roots):
        if on_progress:
            on_progress(1 - high / roots)
        search.share = 1 - low / roots
        search.add(np.arange(low, high)[:, np.newaxis], coded.counts[low:high])
        pairs = vertical.pairs(low, high, min_count)
        search.add(pairs.codes, pairs.counts)
        if max_items > 2:
            search.follow(pairs.level())
    return search.sets(coded.products)


@dataclass
class _Search:
    """The sets found so far, as codes and counts by the number of products."""

    min_count: int
    max_items: int
    limit: int
    share: float = 0.0  # of the products done or at work
    found: dict[int, list[tuple[Ints, Ints]]] = field(default_factory=dict)
    size: int = 0

    def add(self, codes: Ints, counts: Ints) -> None:
        self.found.setdefault(codes.shape[1], []).append((codes, counts))
        self.size += len(codes)
        if self.size > self.limit:
            raise TooManySets(self._enough())

    def follow(self, level: Level) -> None:
        """All sets that begin with those of `level`."""
        for longer in level.longer(self.min_count):
            self.add(longer.codes, longer.counts)
            if longer.codes.shape[1] < self.max_items:
                self.follow(longer)

    def sets(self, products: Ints) -> dict[Itemset, int]:
        """By product ids."""
        made: dict[Itemset, int] = {}
        for parts in self.found.values():
            codes, counts = (np.concatenate(some) for some in zip(*parts, strict=True))
            columns = np.sort(products[codes], axis=1).T.tolist()
            made.update(zip(zip(*columns, strict=True), counts.tolist(), strict=True))
        return made

    def _enough(self) -> int:
        """The count that as many of these sets reach as half the limit has room for."""
        parts = [counts for parts in self.found.values() for _codes, counts in parts]
        counts = np.sort(np.concatenate(parts))[::-1]
        return int(counts[int(self.limit * self.share / 2)])
