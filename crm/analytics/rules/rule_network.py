"""Rules as a picture: products are points, and rules are lines between them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.frames import Schema, typed

NODES: Schema = {
    "product_id": "int64",
    "degree": "int64",  # number of other products joined to it
    "support": "float64",  # share of all baskets
    "x": "float64",  # -1 to 1
    "y": "float64",
}
EDGES: Schema = {  # one row per pair of products, from antecedent to consequent
    "source": "int64",
    "target": "int64",
    "rules": "int64",  # rules that join them
    "confidence": "float64",  # of the most significant of these
    "lift": "float64",
    "q_value": "float64",
}

Points = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """Points and lines of the picture, as in `NODES` and `EDGES`."""

    nodes: pd.DataFrame
    edges: pd.DataFrame


def network(
    rules: pd.DataFrame, products: pd.DataFrame, *, top: int = 60, seed: int = 0
) -> Network:
    """The first `top` rules (the table is sorted by significance) as a network.

    A rule with several antecedents becomes a line from each of them.

    Args:
        rules: `Rules.table`, or a selection of its rows.
        products: `Rules.products`.
    """
    edges = _edges(rules.head(top))
    ids, ends = np.unique(edges[["source", "target"]].to_numpy(), return_inverse=True)
    pairs = ends.reshape(-1, 2).astype("int64")
    points = stress_layout(len(ids), pairs, seed=seed)
    nodes = {
        "product_id": ids,
        "degree": _neighbours(len(ids), pairs).sum(axis=0),
        "support": products.set_index("product_id")["support"].reindex(ids).to_numpy(),
        "x": points[:, 0],
        "y": points[:, 1],
    }
    return Network(typed(nodes, NODES), edges)


def _edges(rules: pd.DataFrame) -> pd.DataFrame:
    lines: Any = rules.explode("antecedents").explode("consequents")
    lines = lines.rename(columns={"antecedents": "source", "consequents": "target"})
    lines["rules"] = lines.groupby(["source", "target"])["lift"].transform("size")
    return typed(lines.drop_duplicates(["source", "target"]), EDGES)


def stress_layout(n: int, pairs: Pairs, *, seed: int = 0, rounds: int = 100) -> Points:
    """Places for `n` points, x and y from -1 to 1, as far apart as lines lead.

    Stress majorisation (Gansner, Koren and North 2004): distances in the picture come
    near the number of lines between two points; parts that nothing joins lie as
    far apart as the longest way. Time grows with the cube of `n`.

    Args:
        pairs: one row per line, the numbers of its two ends.
    """
    from scipy.sparse.csgraph import shortest_path

    ways = shortest_path(_neighbours(n, pairs).astype("int8"), unweighted=True)
    reached = np.isfinite(ways)
    ways[~reached] = ways[reached].max(initial=2)
    weights = np.where(ways > 0, 1 / np.maximum(ways, 1) ** 2, 0)
    inverse = np.linalg.pinv(_laplacian(weights))
    places = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    for _round in range(rounds):
        gaps = np.linalg.norm(places[:, None] - places, axis=2)
        pull = weights * ways / np.maximum(gaps, 1e-9)
        places = inverse @ (_laplacian(pull) @ places)
    return _framed(places)


def _laplacian(weights: Points) -> Points:
    laplacian: Points = np.diag(weights.sum(axis=1)) - weights
    return laplacian


def _neighbours(n: int, pairs: Pairs) -> npt.NDArray[np.bool_]:
    joined = np.zeros((n, n), dtype=bool)
    joined[pairs[:, 0], pairs[:, 1]] = joined[pairs[:, 1], pairs[:, 0]] = True
    return joined


def _framed(places: Points) -> Points:
    """Moved and scaled to fill the square from -1 to 1."""
    if len(places) < 2:
        return np.zeros_like(places)
    low, high = places.min(axis=0), places.max(axis=0)
    framed: Points = 2 * (places - low) / np.maximum(high - low, 1e-9) - 1
    return framed
