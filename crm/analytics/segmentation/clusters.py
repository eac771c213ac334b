"""Clusters: found once, described, and later customers assigned alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm.analytics.notes import Note
from crm.analytics.segmentation import groups, profile, projection
from crm.analytics.segmentation.cluster_model import Model, packed
from crm.analytics.segmentation.density import Crowds, crowds
from crm.analytics.segmentation.features import (
    Floats,
    Prepared,
    is_complete,
    matrix,
    prepare,
)
from crm.analytics.segmentation.kmeans import START_ROWS, check_k, check_kinds, kmeans
from crm.analytics.segmentation.mixtures import ROWS as MIXTURE_ROWS
from crm.analytics.segmentation.mixtures import mixture
from crm.i18n import N_

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Clustering:
    """Customers divided into clusters; cluster 1 has the highest mean revenue.

    Attributes:
        labels: the cluster (1 and up; 0 for none) of each customer, indexed by
            `customer_id`.
        model: to assign later customers by; None where the method has none.
        clusters: indexed by `cluster`: `customers`, `share` of them, `revenue` (mean
            of a customer), `revenue_share` of the whole (all 0 where that is not
            positive).
        centres: indexed by `cluster`, in the features' own units: the centres of the
            model, else the medians.
        traits: see `crm.analytics.segmentation.profile.traits`.
        map: all customers in two dimensions.
        inertia: sum of squared distances to the centres, on the common scale; NaN
            without a model.
        notes: what to tell beside the result.
    """

    labels: pd.Series
    model: Model | None
    clusters: pd.DataFrame
    centres: pd.DataFrame
    traits: pd.DataFrame
    map: projection.Projection
    inertia: float
    notes: tuple[Note, ...]


def fit(
    buyers: pd.DataFrame,
    features: Sequence[str],
    k: int,
    *,
    method: str = "kmeans",
    seed: int = 0,
) -> Clustering:
    """Divide the customers into `k` clusters by `features`.

    Args:
        buyers: as in `crm.frames.BUYERS`.
        features: keys of `FEATURES` of `features`, or custom fields.
        method: a key of `METHODS`.

    Raises:
        NotEnoughData: fewer than five customers, or fewer than `k` different ones.
        Invalid: a feature or `k` does not fit, or a value is missing.
    """
    return divide(buyers, prepare(buyers, features), k, method=method, seed=seed)


def divide(
    buyers: pd.DataFrame, prepared: Prepared, k: int, *, method: str, seed: int = 0
) -> Clustering:
    """`fit`, where the customers are on their common scale already.

    A mixture may come back with fewer than `k` clusters: a component that is the
    likeliest of nobody is left out.
    """
    check_k(k)
    check_kinds(k, prepared.matrix)
    model = METHODS[method](prepared, k, seed)
    labels = model.labels(prepared.matrix)
    revenue = buyers["revenue"].to_numpy(dtype=np.float64)
    model = model.ordered(_best_first(revenue, labels, len(model.centres)))
    labels = model.labels(prepared.matrix)
    squares = (prepared.matrix - np.array(model.centres)[labels]) ** 2
    rows = START_ROWS if method == "kmeans" else MIXTURE_ROWS
    sampled = [Note(SAMPLED[method], {"rows": rows})] if len(labels) > rows else []
    described = _described(buyers, prepared, labels + 1, _own_units(model))
    return replace(
        described,
        model=model,
        inertia=float(squares.sum()),
        notes=(*described.notes, *sampled),
    )


def fit_crowds(
    buyers: pd.DataFrame, prepared: Prepared, *, seed: int = 0
) -> tuple[Clustering, Crowds]:
    """Clusters where customers crowd, cluster 0 being those who stand apart.

    There may be no cluster at all. There is no model: where later customers belong
    would depend on all the others.
    """
    found = crowds(prepared.matrix, seed=seed)
    revenue = buyers["revenue"].to_numpy(dtype=np.float64)
    inside = found.labels >= 0
    order = _best_first(revenue[inside], found.labels[inside], found.count)
    number = np.zeros(found.count + 1, dtype=np.intp)  # the last is for those in none
    number[order] = np.arange(1, found.count + 1)
    labels = number[found.labels]
    features = [scale.feature for scale in prepared.scales]
    centres = buyers[features].groupby(labels).median().rename_axis("cluster")
    return _described(buyers, prepared, labels, centres), found


def assign(model: Model, buyers: pd.DataFrame) -> pd.Series:
    """The cluster (1 to k) of each customer, as in `Clustering.labels`.

    The same row always gets the same cluster, whoever else is in the table.

    Raises:
        Invalid: a value is missing.
    """
    groups.check(buyers, [*filter(is_complete, model.features)], at_least=0)
    labels = model.labels(matrix(buyers, model.scales))
    customers = pd.Index(buyers["customer_id"])
    return pd.Series(labels.astype(np.int8) + 1, index=customers, name="cluster")


def _by_kmeans(prepared: Prepared, k: int, seed: int) -> Model:
    return Model(prepared.scales, packed(kmeans(prepared.matrix, k, seed=seed).centres))


def _by_mixture(prepared: Prepared, k: int, seed: int) -> Model:
    found = mixture(prepared.matrix, k, seed=seed)
    return Model(
        prepared.scales,
        packed(found.means),
        packed(found.weights),
        packed(found.covariances),
    )


METHODS: dict[str, Callable[[Prepared, int, int], Model]] = {
    "kmeans": _by_kmeans,
    "mixture": _by_mixture,
}


def _best_first(revenue: Floats, labels: Labels, count: int) -> Labels:
    """The clusters that have members, by their mean revenue."""
    sizes = np.bincount(labels, minlength=count)
    mean = np.bincount(labels, revenue, minlength=count) / np.maximum(sizes, 1)
    order = np.argsort(-mean, kind="stable")
    return order[sizes[order] > 0]


def _described(
    buyers: pd.DataFrame, prepared: Prepared, labels: Labels, centres: pd.DataFrame
) -> Clustering:
    """What is told of any division; `labels` are numbers of clusters, without holes."""
    revenue = buyers["revenue"].to_numpy(dtype=np.float64)
    customers = pd.Index(buyers["customer_id"])
    features = [scale.feature for scale in prepared.scales]
    without = [groups.NO_REVENUE] if revenue.sum() <= 0 else []
    return Clustering(
        pd.Series(labels.astype(np.int8), index=customers, name="cluster"),
        None,
        _clusters(revenue, labels),
        centres,
        profile.traits(buyers, labels),
        projection.project(prepared.matrix, features, customers),
        np.nan,
        (*prepared.notes, *without),
    )


def _clusters(revenue: Floats, labels: Labels) -> pd.DataFrame:
    number, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    sums = np.bincount(place, revenue)
    columns = {
        "customers": sizes,
        "share": sizes / len(labels),
        "revenue": sums / sizes,
        "revenue_share": groups.shares(sums),
    }
    return pd.DataFrame(columns, index=pd.Index(number, name="cluster"))


def _own_units(model: Model) -> pd.DataFrame:
    number = pd.RangeIndex(1, len(model.centres) + 1, name="cluster")
    columns = {
        scale.feature: scale.undo(np.array(values))
        for scale, values in zip(
            model.scales, zip(*model.centres, strict=True), strict=True
        )
    }
    return pd.DataFrame(columns, index=number)


SAMPLED = {
    "kmeans": N_(
        "The first centres were sought among {rows:,} customers drawn at random, the "
        "final ones among all."
    ),
    "mixture": N_(
        "The mixture was fitted to {rows:,} customers drawn at random, and all were "
        "assigned to it."
    ),
}
