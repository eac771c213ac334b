"""k-means: the centres, and who is nearest to which."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from crm.analytics.segmentation.features import Floats, distinct
from crm.errors import Invalid, NotEnoughData
from crm.i18n import _

MOST = 20  # clusters; more than that nobody can treat differently
START_ROWS = 20_000  # beyond them, the starting centres come from a sample


@dataclass(frozen=True)
class KMeans:
    """Centres (a row each), the nearest one of every row, the sum of squares."""

    labels: NDArray[np.intp]
    centres: Floats
    inertia: float


def kmeans(matrix: Floats, k: int, *, seed: int = 0, starts: int = 10) -> KMeans:
    """The best of several runs of Lloyd's algorithm from k-means++ starts.

    Beyond `START_ROWS` rows those runs are on a random sample of as many, and one
    last run on all rows begins at their best centres. One thread, so that the same
    rows always give the same result.

    Args:
        k: number of clusters; where fewer rows differ, fewer come back.
    """
    from sklearn.cluster import KMeans as Lloyd

    k = min(k, distinct(matrix, k))
    with one_thread():
        start = sample(matrix, START_ROWS, seed)
        start = start if distinct(start, k) == k else matrix
        model = Lloyd(k, n_init=starts, random_state=seed).fit(start)
        if len(start) < len(matrix):
            model = Lloyd(k, init=model.cluster_centers_, n_init=1).fit(matrix)
    labels = nearest(matrix, model.cluster_centers_)
    return KMeans(labels, model.cluster_centers_, float(model.inertia_))


def nearest(matrix: Floats, centres: Floats) -> NDArray[np.intp]:
    """The position of the nearest centre for each row; the first one at a tie.

    Column by column, so that the answer for a row does not depend on the others, as
    it may, in the last digit, by a matrix product.
    """
    labels = np.zeros(len(matrix), dtype=np.intp)
    best = np.full(len(matrix), np.inf)
    for position, centre in enumerate(centres):
        distance = np.zeros(len(matrix))
        for column, value in enumerate(centre):
            distance += (matrix[:, column] - value) ** 2
        labels[distance < best] = position
        np.minimum(best, distance, out=best)
    return labels


def check_k(k: int) -> None:
    """Refuse a number of clusters that nobody could use.

    Raises:
        Invalid: below 2 or above `MOST`.
    """
    if not 2 <= k <= MOST:
        raise Invalid(
            _("Choose between 2 and {most} clusters.").format(most=MOST), field="k"
        )


def check_kinds(k: int, matrix: Floats) -> None:
    """Refuse customers that cannot be divided into `k` clusters.

    Raises:
        NotEnoughData: fewer than `k` rows differ.
    """
    if (kinds := distinct(matrix, k)) < k:
        raise NotEnoughData(
            _(
                "Different kinds of customers in these features: {kinds}. That is too "
                "few for {k} clusters."
            ).format(kinds=kinds, k=k)
        )


def sample(matrix: Floats, rows: int, seed: int) -> Floats:
    """At most `rows` of the matrix, drawn without replacement."""
    if len(matrix) <= rows:
        return matrix
    drawn = np.random.default_rng(seed).choice(len(matrix), rows, replace=False)
    return matrix[drawn]


def one_thread() -> AbstractContextManager[object]:
    """Within it, libraries compute in one thread, the same way each time."""
    limit: AbstractContextManager[object] = _threads().limit(limits=1)
    return limit


@cache
def _threads() -> ThreadpoolController:
    """Made once: looking for the thread pools takes longer than many a fit."""
    return ThreadpoolController()
