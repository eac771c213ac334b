"""Whether clusters would be found again among other, similar customers."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from crm.analytics.segmentation.features import Floats
from crm.analytics.segmentation.kmeans import kmeans, nearest
from crm.analytics.segmentation.mixtures import likeliest, mixture

RESAMPLE_ROWS = 10_000
MIXTURE_ROWS = 3_000  # a mixture takes many times as long

Divide = Callable[[Floats, Floats, int, int], NDArray[np.intp]]


def by_kmeans(drawn: Floats, matrix: Floats, k: int, seed: int = 0) -> NDArray[np.intp]:
    """The rows of `matrix` by the centres found among those `drawn`."""
    return nearest(matrix, kmeans(drawn, k, seed=seed).centres)


def by_mixture(
    drawn: Floats, matrix: Floats, k: int, seed: int = 0
) -> NDArray[np.intp]:
    """The rows of `matrix` by the mixture fitted to those `drawn`."""
    found = mixture(drawn[:MIXTURE_ROWS], k, seed=seed, starts=1)
    return likeliest(matrix, found.weights, found.means, found.covariances)


def agreements(
    matrix: Floats,
    labels: NDArray[np.intp],
    *,
    resamples: int,
    seed: int = 0,
    divide: Divide = by_kmeans,
) -> Iterator[float]:
    """How well the clusters of bootstrap resamples agree with `labels`.

    Each time as many rows as there are (at most `RESAMPLE_ROWS`) are drawn with
    replacement and clustered; all rows go to the clusters found, and that division is
    compared with `labels` (Hennig 2007, by whole partitions).

    Yields:
        The adjusted Rand index (Hubert and Arabie 1985) of one resample: 1 for the
        same clusters, about 0 for no more agreement than by chance.
    """
    from sklearn.metrics import adjusted_rand_score

    k = int(labels.max()) + 1
    random = np.random.default_rng(seed)
    for number in range(resamples):
        drawn = random.integers(0, len(matrix), min(len(matrix), RESAMPLE_ROWS))
        found = divide(matrix[drawn], matrix, k, seed + number)
        yield float(adjusted_rand_score(labels, found))
