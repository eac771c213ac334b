"""A map in two dimensions of customers that have more."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm.analytics.segmentation.features import Floats


@dataclass(frozen=True)
class Projection:
    """The plane in which the customers differ most: the first two principal components.

    Attributes:
        points: a row per customer with the columns `x` and `y`.
        loadings: a row per feature: how far a step of one standard deviation in it
            moves a customer along `x` and `y`.
        explained: the share (0 to 1) of all variance along `x` and `y`.
    """

    points: pd.DataFrame
    loadings: pd.DataFrame
    explained: tuple[float, float]


def project(matrix: Floats, features: list[str], customers: pd.Index) -> Projection:
    """Principal components of standardised `matrix`, whose columns have mean 0.

    With a single feature `y` is 0. Each axis points to where its largest loading is
    positive, so that the same customers always give the same map.
    """
    covariance = matrix.T @ matrix / len(matrix)
    variances, axes = np.linalg.eigh(covariance)
    order = np.argsort(variances)[::-1][:2]
    axes, kept = axes[:, order], variances[order]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(order))])
    if len(order) == 1:
        axes, kept = np.column_stack([axes, [0.0]]), np.append(kept, 0.0)
    x, y = (kept / variances.sum()).tolist()
    return Projection(
        pd.DataFrame(matrix @ axes, index=customers, columns=["x", "y"]),
        pd.DataFrame(
            axes, index=pd.Index(features, name="feature"), columns=["x", "y"]
        ),
        (x, y),
    )
