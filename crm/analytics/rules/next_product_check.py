"""Would the products offered have been bought? Judged on later sales.

From the sales before a day, products are offered that a customer does not have. A hit
is a customer who buys one of them from that day on; judged are all who buy any product
new to them, among those that were on offer. Always beside what most customers buy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.analytics.rules.next_product import Flags, N, Scorer, best
from crm.analytics.rules.purchases import Purchases

FEWEST = 30  # customers that a comparison takes
MOST = 20_000  # customers judged, drawn by lot where there are more
NORMAL = 1.96  # for 95 %


@dataclass(frozen=True)
class Evaluation:
    """How often each way of offering was right.

    Attributes:
        customers: how many were judged.
        hit_rates: by method, the share of them who bought one of the first 1, 2 … `N`
            products offered; NaN where nobody was judged.
        gains: by method other than “popular”: its hit rate at `N` less that of
            “popular”, with the 95 % interval (the same customers are compared).
    """

    customers: int
    hit_rates: dict[str, list[float]]
    gains: dict[str, tuple[float, float, float]]

    def is_better(self, method: str) -> bool:
        """Whether a method finds more than popularity does, beyond chance."""
        known = self.customers >= FEWEST and method in self.gains
        return known and self.gains[method][1] > 0


def evaluate(
    before: Purchases,
    later: pd.DataFrame,
    scorers: Mapping[str, Scorer],
    *,
    seed: int = 0,
) -> Evaluation:
    """Compare scorers, of which one is “popular”.

    Args:
        before: what was bought before a day.
        later: baskets from that day on, as in `crm.frames.BASKETS`.
    """
    offered = scorers["popular"].offered
    bought = _new(before, later, offered)
    judged = np.flatnonzero(np.diff(bought.indptr))
    if len(judged) > MOST:
        lot = np.random.default_rng(seed).choice(judged, MOST, replace=False)
        judged = np.sort(lot)
    held, bought = before.held[judged], bought[judged]
    hits = {name: _hits(one, held, bought) for name, one in scorers.items()}
    if not len(judged):
        return Evaluation(0, {name: [float("nan")] * N for name in hits}, {})
    rates = {name: one.mean(axis=0).tolist() for name, one in hits.items()}
    last = {name: one[:, -1].astype("float64") for name, one in hits.items()}
    gains = {
        name: _interval(one - last["popular"])
        for name, one in last.items()
        if name != "popular"
    }
    return Evaluation(len(judged), rates, gains)


def _new(before: Purchases, later: pd.DataFrame, offered: Flags) -> Any:
    """Customers by products: what was offered, not had before, and bought later."""
    from scipy.sparse import csr_array

    customers, products = pd.Index(before.customers), pd.Index(before.products)
    row = customers.get_indexer(later["customer_id"])
    column = products.get_indexer(later["product_id"])
    known = (row >= 0) & (column >= 0)
    row, column = row[known], column[known]
    on_offer = offered[column]
    row, column = row[on_offer], column[on_offer]
    ones = np.ones(len(row), dtype="float32")
    bought = csr_array((ones, (row, column)), shape=before.held.shape)
    bought.sum_duplicates()
    bought.data[:] = 1
    new = bought - bought.multiply(before.held)
    new.eliminate_zeros()
    return new


def _hits(scorer: Scorer, held: Any, bought: Any) -> Flags:
    """For each customer, whether one of the first 1, 2 … products was bought."""
    parts = [np.empty((0, N), dtype=bool)]
    start = 0
    for places, values in best(scorer, held):
        piece = bought[start : start + len(places)].toarray() > 0
        found = np.take_along_axis(piece, places, axis=1) & np.isfinite(values)
        parts.append(np.logical_or.accumulate(found, axis=1))
        start += len(places)
    return np.concatenate(parts)


def _interval(differences: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    mean = float(differences.mean())
    error = NORMAL * float(differences.std(ddof=1) if len(differences) > 1 else 0)
    half = error / len(differences) ** 0.5
    return mean, mean - half, mean + half
