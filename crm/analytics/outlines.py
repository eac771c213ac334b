"""Which points lie inside an outline drawn around them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def inside(
    x: Floats, y: Floats, outline_x: Sequence[float], outline_y: Sequence[float]
) -> NDArray[np.intp]:
    """The positions of the points inside a polygon, ascending.

    A point is inside where a ray from it crosses the outline an odd number of times,
    as Plotly counts too. The points are sorted by `y` once, so that every edge meets
    only those at its own height.

    Args:
        outline_x, outline_y: the corners; the last is joined to the first.
    """
    corners = np.column_stack([outline_x, outline_y]).astype(np.float64)
    if len(corners) < 3:
        return np.empty(0, dtype=np.intp)
    low, high = corners.min(axis=0), corners.max(axis=0)
    near = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    rows = np.flatnonzero(near)
    rows = rows[np.argsort(y[rows], kind="stable")]
    across, up = x[rows], y[rows]
    odd = np.zeros(len(rows), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        first, last = np.searchsorted(up, sorted((y1, y2)))
        part = slice(first, last)
        odd[part] ^= across[part] < (x2 - x1) * (up[part] - y1) / (y2 - y1) + x1
    return np.sort(rows[odd])
