"""Clusters by k-means: fit once, describe, and assign later customers alike."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics import groups, profile, projection
from crm.analytics.features import Floats, Scale, matrix, prepare
from crm.analytics.kmeans import START_ROWS, check_k, check_kinds, kmeans, nearest
from crm.analytics.notes import Note
from crm.i18n import N_


@dataclass(frozen=True)
class Model:
    """A frozen clustering: all that it takes to assign a customer, in plain numbers.

    Attributes:
        scales: how each feature is made comparable, in the order of the columns.
        centres: one row per cluster, the first is cluster 1, on the common scale.
    """

    scales: tuple[Scale, ...]
    centres: tuple[tuple[float, ...], ...]

    @property
    def features(self) -> list[str]:
        return [scale.feature for scale in self.scales]

    def as_json(self) -> dict[str, Any]:
        """Only dicts, lists, texts and numbers; digits are kept exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Model":
        """The model that `as_json` made, also after a trip through JSON."""
        scales = tuple(Scale(**scale) for scale in data["scales"])
        return cls(scales, tuple(tuple(centre) for centre in data["centres"]))


@dataclass(frozen=True)
class Clustering:
    """Customers divided into k clusters; cluster 1 has the highest mean revenue.

    Attributes:
        labels: the cluster (1 to k) of each customer, indexed by `customer_id`.
        clusters: indexed by `cluster`: `customers`, `share` of them, `revenue` (mean
            of a customer), `revenue_share` of the whole (all 0 where that is not
            positive).
        centres: indexed by `cluster`: the centres in the features' own units.
        traits: see `crm.analytics.profile.traits`; `profile.in_words` tells them.
        map: all customers in two dimensions.
        inertia: sum of squared distances to the centres, on the common scale.
        notes: what to tell beside the result.
    """

    labels: pd.Series
    model: Model
    clusters: pd.DataFrame
    centres: pd.DataFrame
    traits: pd.DataFrame
    map: projection.Projection
    inertia: float
    notes: tuple[Note, ...]


def fit(
    buyers: pd.DataFrame, features: Sequence[str], k: int, *, seed: int = 0
) -> Clustering:
    """Divide the customers into `k` clusters by `features`.

    Args:
        buyers: as in `crm.frames.BUYERS`.
        features: keys of `crm.analytics.features.FEATURES`.

    Raises:
        NotEnoughData: fewer than five customers, or fewer than `k` different ones.
        Invalid: a feature or `k` does not fit, or a value is missing.
    """
    check_k(k)
    prepared = prepare(buyers, features)
    check_kinds(k, prepared.matrix)
    found = kmeans(prepared.matrix, k, seed=seed)
    revenue = buyers["revenue"].to_numpy(dtype=np.float64)
    best_first = np.argsort(-_mean(revenue, found.labels, k), kind="stable")
    centres = found.centres[best_first]
    labels = nearest(prepared.matrix, centres)

    number = pd.RangeIndex(1, k + 1, name="cluster")
    customers = pd.Index(buyers["customer_id"])
    model = Model(prepared.scales, tuple(tuple(row) for row in centres.tolist()))
    return Clustering(
        pd.Series(labels.astype(np.int8) + 1, index=customers, name="cluster"),
        model,
        _clusters(revenue, labels, number),
        _own_units(model, number),
        profile.traits(buyers, labels, k),
        projection.project(prepared.matrix, model.features, customers),
        found.inertia,
        prepared.notes + tuple(_notes(revenue)),
    )


def assign(model: Model, buyers: pd.DataFrame) -> pd.Series:
    """The cluster (1 to k) of each customer, as in `Clustering.labels`.

    The same row always gets the same cluster, whoever else is in the table.

    Raises:
        Invalid: a value is missing.
    """
    groups.check(buyers, [name for name in model.features if name != "gap"], at_least=0)
    labels = nearest(matrix(buyers, model.scales), np.array(model.centres))
    customers = pd.Index(buyers["customer_id"])
    return pd.Series(labels.astype(np.int8) + 1, index=customers, name="cluster")


def _mean(values: Floats, labels: NDArray[np.intp], k: int) -> Floats:
    sizes = np.bincount(labels, minlength=k)
    return np.bincount(labels, values, minlength=k) / np.maximum(sizes, 1)


def _clusters(
    revenue: Floats, labels: NDArray[np.intp], number: pd.RangeIndex
) -> pd.DataFrame:
    k = len(number)
    sizes = np.bincount(labels, minlength=k)
    columns = {
        "customers": sizes,
        "share": sizes / len(labels),
        "revenue": _mean(revenue, labels, k),
        "revenue_share": groups.shares(np.bincount(labels, revenue, minlength=k)),
    }
    return pd.DataFrame(columns, index=number)


def _own_units(model: Model, number: pd.RangeIndex) -> pd.DataFrame:
    columns = {
        scale.feature: scale.undo(np.array(values))
        for scale, values in zip(
            model.scales, zip(*model.centres, strict=True), strict=True
        )
    }
    return pd.DataFrame(columns, index=number)


def _notes(revenue: Floats) -> list[Note]:
    notes = []
    if len(revenue) > START_ROWS:
        notes.append(Note(SAMPLED, {"rows": START_ROWS}))
    if revenue.sum() <= 0:
        notes.append(groups.NO_REVENUE)
    return notes


SAMPLED = N_(
    "The first centres were sought among {rows:,} customers drawn at random, the final "
    "ones among all."
)
