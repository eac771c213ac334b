"""The gap statistic: is a division better than one of customers spread evenly?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm.analytics.segmentation.features import Floats
from crm.analytics.segmentation.kmeans import kmeans, sample

ROWS = 3_000  # beyond them, from a sample: every number is divided anew many times
REFERENCES = 10
LEAST = 1e-6  # of the sum of squares without clusters; less is as good as none


def gaps(
    matrix: Floats,
    ks: Sequence[int],
    *,
    references: int = REFERENCES,
    seed: int = 0,
    rows: int = ROWS,
) -> pd.DataFrame:
    """How much tighter the clusters are than those of evenly spread rows.

    Tibshirani, Walther and Hastie (2001): log of the within-cluster sum of squares,
    expected less found; the references are spread evenly over a box along the
    principal components.

    Returns:
        Indexed by `k`, 1 and `ks`: `gap` (more is better), and `error`, the standard
        error with that of the simulation.
    """
    drawn = sample(matrix, rows, seed)
    numbers = [1, *ks]
    found = _spreads(drawn, numbers, seed)
    random = np.random.default_rng(seed)
    even = np.array(
        [_spreads(_evenly(drawn, random), numbers, seed) for _ in range(references)]
    )
    columns = {
        "gap": even.mean(axis=0) - found,
        "error": even.std(axis=0) * np.sqrt(1 + 1 / references),
    }
    return pd.DataFrame(columns, index=pd.Index(numbers, name="k"))


def first(table: pd.DataFrame) -> int:
    """The least number whose gap no next one betters by more than its error.

    The rule of the authors; 1 says that there are no clusters.

    Args:
        table: as `gaps` returns it, of numbers without holes.
    """
    gap, error = table["gap"].to_numpy(), table["error"].to_numpy()
    settled = gap[:-1] >= gap[1:] - error[1:]
    place = int(settled.argmax()) if settled.any() else len(table) - 1
    return int(table.index[place])


def _spreads(matrix: Floats, numbers: Sequence[int], seed: int) -> Floats:
    """The log of the within-cluster sum of squares for each number of clusters."""
    sums = [kmeans(matrix, k, seed=seed, starts=3).inertia for k in numbers]
    least = max(LEAST * sums[0], np.finfo(np.float64).tiny)  # all rows may be alike
    logs: Floats = np.log(np.maximum(sums, least))
    return logs


def _evenly(matrix: Floats, random: np.random.Generator) -> Floats:
    """As many rows, spread evenly over the box that holds those of `matrix`."""
    middle = matrix.mean(axis=0)
    axes = np.linalg.svd(matrix - middle, full_matrices=False)[2]
    turned = (matrix - middle) @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    rows: Floats = random.uniform(low, high, turned.shape) @ axes + middle
    return rows
