"""Generated baskets to measure searches on."""

import numpy as np
import pandas as pd

from crm.frames import BASKETS, typed


def quest(
    n_baskets: int = 100_000, n_items: int = 870, *, seed: int = 1
) -> pd.DataFrame:
    """After the generator of Agrawal and Srikant 1994, as in T10I4D100K.

    A basket of about 10 items is filled from 2,000 patterns of about 4 items, which
    share items with each other, come by exponential weights, and lose some items on
    the way (corruption 0.5 ± 0.1 under the square root).
    """
    rng = np.random.default_rng(seed)
    patterns = _patterns(rng, 2000, n_items)
    weights = rng.exponential(size=len(patterns))
    chosen = rng.choice(
        len(patterns), (n_baskets, 12), p=weights / weights.sum()
    ).tolist()
    corruption = np.clip(rng.normal(0.5, 0.1**0.5, len(patterns)), 0, 1).tolist()
    sizes = np.maximum(rng.poisson(10, n_baskets), 1).tolist()
    baskets = []
    for size, candidates in zip(sizes, chosen, strict=True):
        basket: set[int] = set()
        for one in candidates:
            kept = _corrupted(rng, patterns[one], corruption[one])
            if len(basket) + len(kept) > size and basket:
                break
            basket.update(kept)
        baskets.append(basket)
    return _table(baskets)


def retail(
    n_baskets: int = 20_000, n_items: int = 3_900, *, seed: int = 1
) -> pd.DataFrame:
    """Wide and sparse: about 25 items by Zipf's law, of one theme or two of 60."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, n_items + 1) ** 0.8
    themes = rng.integers(60, size=n_items)
    sizes = np.minimum(rng.lognormal(2.6, 1.0, n_baskets).astype(int) + 1, 400)
    by_theme = [np.flatnonzero(themes == one) for one in range(60)]
    chances = [popularity[items] / popularity[items].sum() for items in by_theme]
    anywhere = popularity / popularity.sum()
    baskets = []
    for size in sizes.tolist():
        theme = int(rng.integers(60))
        own = rng.choice(by_theme[theme], size // 2, p=chances[theme])
        others = rng.choice(n_items, size - size // 2, p=anywhere)
        baskets.append({*own.tolist(), *others.tolist()})
    return _table(baskets)


def _patterns(rng: np.random.Generator, count: int, n_items: int) -> list[list[int]]:
    """Each takes a part of its items from the one before."""
    popularity = rng.exponential(size=n_items)
    popularity /= popularity.sum()
    patterns: list[list[int]] = []
    for _pattern in range(count):
        size = max(int(rng.poisson(4)), 1)
        before = patterns[-1] if patterns else []
        shared = min(int(rng.exponential(0.5) * size), len(before), size)
        items = (
            set(rng.choice(before, shared, replace=False).tolist()) if shared else set()
        )
        while len(items) < size:
            items.add(int(rng.choice(n_items, p=popularity)))
        patterns.append(sorted(items))
    return patterns


def _corrupted(rng: np.random.Generator, pattern: list[int], level: float) -> list[int]:
    kept = pattern[:]
    while kept and rng.random() < level:
        kept.pop(int(rng.integers(len(kept))))
    return kept


def _table(baskets: list[set[int]]) -> pd.DataFrame:
    lengths = [len(one) for one in baskets]
    order = np.repeat(np.arange(len(baskets)), lengths)
    products = np.concatenate([sorted(one) for one in baskets]).astype("int64")
    columns = {"order_id": order, "customer_id": order, "product_id": products}
    day = pd.Timestamp("2026-01-01")
    return typed(pd.DataFrame(columns).assign(ordered_on=day), BASKETS)
