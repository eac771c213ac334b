"""A frozen clustering: all that it takes to assign a customer, in plain numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analytics.segmentation.features import Floats, Scale
from crm.analytics.segmentation.kmeans import nearest
from crm.analytics.segmentation.mixtures import likeliest


@dataclass(frozen=True)
class Model:
    """Where the clusters are, on the common scale; the first is cluster 1.

    Attributes:
        scales: how each feature is made comparable, in the order of the columns.
        centres: one row per cluster.
        weights, covariances: of a Gaussian mixture, one per cluster; empty where
            everybody belongs to the nearest centre (k-means).
    """

    scales: tuple[Scale, ...]
    centres: Any
    weights: Any = ()
    covariances: Any = ()

    @property
    def features(self) -> list[str]:
        return [scale.feature for scale in self.scales]

    def labels(self, matrix: Floats) -> NDArray[np.intp]:
        """The cluster, from 0, of each row of `matrix`, a column per scale."""
        centres = np.array(self.centres)
        if not self.weights:
            return nearest(matrix, centres)
        return likeliest(
            matrix, np.array(self.weights), centres, np.array(self.covariances)
        )

    def ordered(self, order: NDArray[np.intp]) -> "Model":
        """The same clusters in another order; those not named are left out."""
        parts = {
            name: tuple(held[place] for place in order)
            for name in ("centres", "weights", "covariances")
            if (held := getattr(self, name))
        }
        return replace(self, **parts)

    def as_json(self) -> dict[str, Any]:
        """Only dicts, lists, texts and numbers; digits are kept exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Model":
        """The model that `as_json` made, also after a trip through JSON."""
        scales = tuple(Scale(**scale) for scale in data["scales"])
        parts = ("centres", "weights", "covariances")
        return cls(scales, *(packed(data.get(part, ())) for part in parts))


def packed(values: Any) -> Any:
    """An array, or lists in lists, as tuples in tuples of Python's own numbers."""
    if isinstance(values, np.ndarray):
        return packed(values.tolist())
    if isinstance(values, list | tuple):
        return tuple(packed(one) for one in values)
    return values
