"""Whether clusters would be found again among other, similar customers."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from crm.analytics.features import Floats
from crm.analytics.kmeans import kmeans, nearest

RESAMPLE_ROWS = 10_000


def agreements(
    matrix: Floats, labels: NDArray[np.intp], *, resamples: int, seed: int = 0
) -> Iterator[float]:
    """How well the clusters of bootstrap resamples agree with `labels`.

    Each time as many rows as there are (at most `RESAMPLE_ROWS`) are drawn with
    replacement and clustered; all rows go to the nearest of the centres found, and
    that division is compared with `labels` (Hennig 2007, by whole partitions).

    Yields:
        The adjusted Rand index (Hubert and Arabie 1985) of one resample: 1 for the
        same clusters, about 0 for no more agreement than by chance.
    """
    from sklearn.metrics import adjusted_rand_score

    k = int(labels.max()) + 1
    random = np.random.default_rng(seed)
    for number in range(resamples):
        drawn = random.integers(0, len(matrix), min(len(matrix), RESAMPLE_ROWS))
        found = kmeans(matrix[drawn], k, seed=seed + number)
        yield float(adjusted_rand_score(labels, nearest(matrix, found.centres)))
