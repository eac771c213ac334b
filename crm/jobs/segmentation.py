"""Segmentation in the background: the buyers as they are, and clusters of them.

RFM needs no computing here: the page scores the stored buyers while one looks. The
clusters are computed for every number of them that is offered, so that the page can
switch between them at once.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from crm.analytics import choice, clusters, groups, rfm
from crm.analytics.choice import Choice
from crm.analytics.clusters import Clustering
from crm.analytics.features import DEFAULT, FEATURES
from crm.analytics.notes import Note
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House

CHOOSING = 0.6  # share of the time that goes into the figures for each number

Tell = Callable[[float], None]


@analysis("segmentation")
def segmentation(context: JobContext, house: House, as_of: date) -> Made:
    """Buyers up to `as_of`, clustered by the `features` that were asked for."""
    features = context.arguments["parameters"].get("features") or DEFAULT
    tell = progress(context, _("Looking for clusters"))
    return made(house.buyers(as_of), features, on_progress=tell)


def made(
    buyers: pd.DataFrame,
    features: Sequence[str],
    *,
    resamples: int = 20,
    on_progress: Tell = lambda _share: None,
) -> Made:
    """What is kept of a segmentation.

    Tables: `buyers`, a row per customer with all `FEATURES`; `clusters`, the same
    rows with `customer_id`, the place `x`, `y` on the map, and per number of clusters
    k the cluster (1 to k) in the column `k2`, `k3` …; `choice` with the figures per
    `k`; `profiles`, `centres` and `traits` per `k` and `cluster`.

    Where the customers cannot be clustered there is only `buyers`, and the summary
    says why under "refused".

    Args:
        buyers: as in `crm.frames.BUYERS`.
        features: what to cluster by.

    Raises:
        NotEnoughData: fewer than five customers.
        Invalid: there is no such feature.
    """
    groups.check(buyers, rfm.COLUMNS)
    summary = {"customers": len(buyers), "features": list(features)}
    tables = {"buyers": buyers[["customer_id", *FEATURES]]}
    try:
        found = choice.choose_k(
            buyers,
            features,
            resamples=resamples,
            on_progress=lambda share: on_progress(CHOOSING * share),
        )
    except NotEnoughData as error:
        return Made(summary | {"refused": str(error)}, tables)
    divisions = {}
    for done, k in enumerate(found.table.index, 1):
        divisions[int(k)] = clusters.fit(buyers, features, int(k))
        on_progress(CHOOSING + (1 - CHOOSING) * done / len(found.table))
    return Made(
        summary | _figures(found) | _models(divisions),
        tables | {"choice": found.table.reset_index()} | _tables(buyers, divisions),
    )


def _figures(found: Choice) -> dict[str, Any]:
    """Where the figures come from, and what to say about them."""
    return {
        "suggested": found.suggested,
        "why": _plain(found.why),
        "rows": found.rows,
        "silhouette_rows": found.silhouette_rows,
        "resamples": found.resamples,
        "seed": found.seed,
        "notes": [_plain(note) for note in found.notes],
    }


def _models(divisions: dict[int, Clustering]) -> dict[str, Any]:
    """The frozen models by k, for customers to come, and what the map is made of."""
    first = next(iter(divisions.values()))
    loadings = first.map.loadings
    return {
        "models": {str(k): one.model.as_json() for k, one in divisions.items()},
        "explained": list(first.map.explained),
        "loadings": {name: loadings.loc[name].tolist() for name in loadings.index},
        "fit_notes": [
            _plain(note) for note in first.notes if note.text == clusters.SAMPLED
        ],
    }


def _tables(
    buyers: pd.DataFrame, divisions: dict[int, Clustering]
) -> dict[str, pd.DataFrame]:
    first = next(iter(divisions.values()))
    labels = {f"k{k}": one.labels.to_numpy() for k, one in divisions.items()}
    place = first.map.points.to_numpy("float32")
    columns = {
        "customer_id": buyers["customer_id"].to_numpy(),
        "x": place[:, 0],
        "y": place[:, 1],
    }
    return {
        "clusters": pd.DataFrame(columns | labels),
        "profiles": _stacked({k: one.clusters for k, one in divisions.items()}),
        "centres": _stacked({k: one.centres for k, one in divisions.items()}),
        "traits": _stacked(
            {k: one.traits.set_index("cluster") for k, one in divisions.items()}
        ),
    }


def _stacked(tables: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Tables indexed by `cluster` in one, with a column `k`."""
    return pd.concat(tables, names=["k", "cluster"]).reset_index()


def _plain(note: Note) -> dict[str, Any]:
    """A note as JSON keeps it."""
    return {"text": note.text, "values": dict(note.values)}
