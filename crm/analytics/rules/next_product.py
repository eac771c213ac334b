"""Which product to offer a customer next: one not bought yet, and likely to be.

A score for each customer and product is a sum over what the customer has: of how
alike the two products are in who buys them. Where that does no better than offering
what most buy, what most buy is offered.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.rules.purchases import Ints, Purchases
from crm.frames import Schema, typed

N = 5  # products offered
PRODUCTS = [f"product_{place}" for place in range(1, N + 1)]
SCORES = [f"score_{place}" for place in range(1, N + 1)]
OFFERS: Schema = (  # one row per customer, the best offer first
    {"customer_id": "int64"}
    | dict.fromkeys(PRODUCTS, "int64")  # 0: there is no such product left
    | dict.fromkeys(SCORES, "float32")  # to compare within one customer only
)

SHRINK = 10.0  # buyers
NEIGHBOURS = 100
CELLS = 10_000_000  # customers times products scored at once
POPULAR = 1e-6  # weight of popularity, which decides where nothing else does

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scorer:
    """How to score the products of a table of purchases.

    Attributes:
        given: scores of a piece of that table; None where popularity is all.
        popularity: of each product, 0 to 1; it decides where the scores are equal.
        offered: whether each product may be offered at all.
    """

    given: Callable[[Any], Floats] | None
    popularity: Floats
    offered: Flags

    def scores(self, held: Any) -> Floats:
        """Of the customers of `held`; -inf for what may not be offered."""
        if self.given is None:
            scores = np.tile(self.popularity, (held.shape[0], 1))
        else:
            scores = self.given(held) + np.float32(POPULAR) * self.popularity
        scores[held.nonzero()] = -np.inf
        scores[:, ~self.offered] = -np.inf
        return scores


def alike(of: Purchases) -> Any:
    """How alike products are in who buys them, 0 to 1: a sparse square table.

    The cosine of their buyers, shrunk, since few common buyers say little: common
    buyers / (root of the product of both numbers of buyers + `SHRINK`), as in Ferrari
    Dacrema, Cremonesi and Jannach 2019. Of each product the `NEIGHBOURS` most alike.
    """
    common = (of.held.T @ of.held).tocoo()
    apart = common.row != common.col
    row, column = common.row[apart], common.col[apart]
    root = np.sqrt(of.buyers[row].astype("float64") * of.buyers[column])
    return _nearest(row, column, common.data[apart] / (root + SHRINK), len(of.buyers))


def by_similarity(of: Purchases, offered: Flags) -> Scorer:
    """Products like those that the customer has."""
    similar = alike(of)
    return Scorer(lambda held: (held @ similar).toarray(), popularity(of), offered)


def by_popularity(of: Purchases, offered: Flags) -> Scorer:
    """What most customers have, the same for all."""
    return Scorer(None, popularity(of), offered)


def popularity(of: Purchases) -> Floats:
    """Share of the customers that have each product."""
    share: Floats = (of.buyers / max(len(of.customers), 1)).astype("float32")
    return share


def best(scorer: Scorer, held: Any, n: int = N) -> Iterator[tuple[Ints, Floats]]:
    """The `n` best products of each customer: their places and scores, in pieces.

    Where fewer may be offered, scores end in -inf.
    """
    step = max(1, CELLS // max(held.shape[1], 1))
    for start in range(0, held.shape[0], step):
        scores = scorer.scores(held[start : start + step])
        rows = np.arange(len(scores))
        places = np.zeros((len(scores), n), dtype="int64")
        values = np.full((len(scores), n), -np.inf, dtype="float32")
        for place in range(min(n, held.shape[1])):
            places[:, place] = scores.argmax(axis=1)
            values[:, place] = scores[rows, places[:, place]]
            scores[rows, places[:, place]] = -np.inf
        yield places, values


def offers(of: Purchases, scorer: Scorer) -> pd.DataFrame:
    """As in `OFFERS`: the customers to whom anything can be offered."""
    none = np.empty((0, N), dtype="int64"), np.empty((0, N), dtype="float32")
    pieces = zip(none, *best(scorer, of.held), strict=True)
    places, values = (np.concatenate(parts) for parts in pieces)
    there = np.isfinite(values)
    products = np.where(there, of.products[places], 0)
    columns = {
        "customer_id": of.customers,
        **dict(zip(PRODUCTS, products.T, strict=True)),
        **dict(zip(SCORES, np.where(there, values, 0).T, strict=True)),
    }
    return typed(columns, OFFERS)[there.any(axis=1)].reset_index(drop=True)


def _nearest(row: Ints, column: Ints, value: Any, n: int) -> Any:
    """The `NEIGHBOURS` largest values of each row."""
    from scipy.sparse import csr_array

    order = np.lexsort((-value, row))
    row, column, value = row[order], column[order], value[order].astype("float32")
    first = np.searchsorted(row, np.arange(n))
    near = np.arange(len(row)) - first[row] < NEIGHBOURS
    return csr_array((value[near], (row[near], column[near])), shape=(n, n))
