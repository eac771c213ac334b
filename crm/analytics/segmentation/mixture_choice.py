"""How many clusters of a Gaussian mixture? What each number would be worth."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from crm.analytics.segmentation.features import Floats
from crm.analytics.segmentation.mixtures import likeliest, mixture
from crm.analytics.segmentation.silhouette import sampled_silhouettes
from crm.analytics.segmentation.stability import agreements, by_mixture

ROWS = 20_000  # beyond them, each mixture is fitted to a sample of as many
SILHOUETTE_ROWS = 10_000
RESAMPLES = 10  # at most: a mixture takes many times as long as k-means


def examine(
    matrix: Floats,
    ks: Sequence[int],
    *,
    resamples: int,
    seed: int,
    tell: Callable[[float], None],
) -> pd.DataFrame:
    """Fit a mixture of each number of components.

    Returns:
        Indexed by `k`: `bic` (lower is better), `silhouette`, `stability`,
        `stability_min`, `smallest`, as in `crm.analytics.segmentation.choice.Choice`.
    """
    again = min(resamples, RESAMPLES)
    divisions, rows = [], []
    for done, k in enumerate(ks, 1):
        found = mixture(matrix, k, seed=seed, rows=ROWS)
        labels = likeliest(matrix, found.weights, found.means, found.covariances)
        labels = np.unique(labels, return_inverse=True)[1]  # some may be nobody's
        divisions.append(labels)
        steady = list(
            agreements(matrix, labels, resamples=again, seed=seed, divide=by_mixture)
        )
        rows.append(
            {
                "bic": found.bic,
                "stability": float(np.mean(steady)),
                "stability_min": min(steady),
                "smallest": float(np.bincount(labels).min() / len(matrix)),
            }
        )
        tell(done / len(ks))
    table = pd.DataFrame(rows, index=pd.Index(ks, name="k"))
    table["silhouette"] = sampled_silhouettes(matrix, divisions, SILHOUETTE_ROWS, seed)
    return table
