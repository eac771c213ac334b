"""The silhouette of several divisions of the same rows, in one pass."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from crm.analytics.segmentation.features import Floats

CHUNK = 500  # rows whose distances to all others are held at once


def silhouettes(matrix: Floats, divisions: Sequence[NDArray[np.intp]]) -> list[float]:
    """The mean silhouette width of each division (Rousseeuw 1987), -1 to 1.

    Time grows with the square of the rows; the distances, nearly all of it, are
    computed once for all divisions.

    Args:
        divisions: for each, the group of every row: 0 and up, none empty. A division
            into one group has no width: NaN.
    """
    widths = [0.0 if groups.max() > 0 else float("nan") for groups in divisions]
    for first, distances in _distances(matrix):
        for position, groups in enumerate(divisions):
            if groups.max() == 0:
                continue
            here = groups[first : first + len(distances)]
            widths[position] += _widths(distances, groups, here).sum()
    return [float(width / len(matrix)) for width in widths]


def sampled_silhouettes(
    matrix: Floats, divisions: Sequence[NDArray[np.intp]], rows: int, seed: int
) -> list[float]:
    """`silhouettes`, beyond `rows` rows of as many drawn at random."""
    drawn = np.arange(len(matrix))
    if len(matrix) > rows:
        drawn = np.random.default_rng(seed).choice(len(matrix), rows, replace=False)
    found = [np.unique(labels[drawn], return_inverse=True)[1] for labels in divisions]
    return silhouettes(matrix[drawn], found)


def _distances(matrix: Floats) -> Iterator[tuple[int, Floats]]:
    from scipy.spatial.distance import cdist

    for first in range(0, len(matrix), CHUNK):
        yield first, cdist(matrix[first : first + CHUNK], matrix)


def _widths(
    distances: Floats, groups: NDArray[np.intp], here: NDArray[np.intp]
) -> Floats:
    """The widths of the rows `here`, by their distances to the rows of all `groups`.

    Each row: (b - a) / max(a, b), with a the mean distance to the others of its own
    group and b to the nearest other group; 0 where it is alone in its group.
    """
    sizes = np.bincount(groups)
    sums = distances @ np.eye(len(sizes))[groups]
    rows = np.arange(len(here))
    others = sizes[here] - 1
    own = sums[rows, here] / np.maximum(others, 1)
    means = sums / sizes
    means[rows, here] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(own, nearest)
    usable = (others > 0) & (larger > 0)
    widths = np.zeros(len(here))
    np.divide(nearest - own, larger, out=widths, where=usable)
    return widths
