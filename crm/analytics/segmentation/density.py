"""Clusters as regions where customers crowd; who stands apart belongs to none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analytics.segmentation.features import Floats
from crm.analytics.segmentation.kmeans import one_thread

ROWS = 20_000  # beyond them, a sample: ten times the rows take a hundred times as long
SHARE = 0.02  # of the customers, the least that a crowd counts as a cluster from
AT_LEAST = 5
NEIGHBOURS = 5


@dataclass(frozen=True)
class Crowds:
    """What HDBSCAN has found.

    Attributes:
        labels: for each row its cluster, 0 and up, or -1 where it is in none.
        count: number of clusters, perhaps none.
        noise: share (0 to 1) of the rows that are in none.
        rows: how many were looked at; the others went where their nearest neighbour
            among these is.
        least: the fewest rows that made a cluster.
    """

    labels: NDArray[np.intp]
    count: int
    noise: float
    rows: int
    least: int


def crowds(matrix: Floats, *, seed: int = 0, rows: int = ROWS) -> Crowds:
    """Clusters by density (Campello, Moulavi and Sander 2013).

    Args:
        rows: beyond them, a random sample of as many is looked at.
    """
    from sklearn.cluster import HDBSCAN

    drawn = _drawn(len(matrix), rows, seed)
    core = matrix[drawn]
    least = max(AT_LEAST, round(SHARE * len(core)))
    with one_thread():
        model = HDBSCAN(min_cluster_size=least, min_samples=NEIGHBOURS, copy=True)
        found = model.fit(core).labels_.astype(np.intp)
    labels = found if len(core) == len(matrix) else _spread(matrix, core, found)
    count = int(labels.max()) + 1
    noise = float((labels < 0).mean())
    return Crowds(labels, count, noise, len(core), least)


def _drawn(count: int, rows: int, seed: int) -> NDArray[np.intp]:
    if count <= rows:
        return np.arange(count)
    chosen = np.random.default_rng(seed).choice(count, rows, replace=False)
    return np.sort(chosen)


def _spread(matrix: Floats, core: Floats, labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Each row as the nearest of those that were looked at."""
    from scipy.spatial import cKDTree

    found: NDArray[np.intp] = labels[cKDTree(core).query(matrix)[1]]
    return found
