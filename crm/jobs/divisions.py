"""All ways to divide the same customers into clusters, as they are stored.

A division is a method with a number of clusters, “kmeans 3”; that by density, which
finds their number itself, is called “crowds”.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from crm.analytics.notes import Note
from crm.analytics.segmentation import clusters, frozen
from crm.analytics.segmentation.choice import Choice
from crm.analytics.segmentation.clusters import Clustering
from crm.analytics.segmentation.features import Prepared
from crm.services.analyses import Made

CROWDS = "crowds"

Found = dict[str, Clustering]


def made(
    buyers: pd.DataFrame,
    prepared: Prepared,
    ks: Sequence[int],
    *,
    on_progress: Callable[[float], None],
) -> Made:
    """The customers divided by every method, into each of `ks`.

    Tables: `clusters`, a row per customer with `customer_id`, the place `x`, `y` on
    the map, and a column per division with the cluster (1 and up, 0 for none);
    `profiles`, `centres` and `traits` per `division` and `cluster`.
    """
    by_density, crowds = clusters.fit_crowds(buyers, prepared)
    wanted = [(method, k) for method in clusters.METHODS for k in ks]
    found: Found = {}
    for done, (method, k) in enumerate(wanted, 1):
        one = clusters.divide(buyers, prepared, k, method=method)
        found[f"{method} {k}"] = one
        on_progress(done / len(wanted))
    summary = {
        "models": {
            name: frozen.as_json(one.model) for name, one in found.items() if one.model
        },
        "crowds": {
            "count": crowds.count,
            "noise": crowds.noise,
            "rows": crowds.rows,
            "least": crowds.least,
        },
        "fit_notes": _sampled(found),
    }
    found[CROWDS] = by_density
    return Made(summary | _map(by_density), _tables(buyers, found))


def figures(found: Choice, labels: Mapping[str, str]) -> dict[str, Any]:
    """Where the figures for each number come from, and what to say about them.

    Args:
        labels: of custom fields, by the names that the notes use.
    """
    return {
        "suggested": found.suggested,
        "why": _plain(found.why, labels),
        "rows": found.rows,
        "silhouette_rows": found.silhouette_rows,
        "resamples": found.resamples,
        "seed": found.seed,
        "notes": [_plain(note, labels) for note in found.notes],
    }


def _sampled(found: Found) -> list[dict[str, Any]]:
    """What is to be said of samples, once for each method."""
    texts = clusters.SAMPLED.values()
    notes = {
        note.text: _plain(note, {})
        for one in found.values()
        for note in one.notes
        if note.text in texts
    }
    return list(notes.values())


def _map(one: Clustering) -> dict[str, Any]:
    """What the axes of the map are made of; it is the same for all divisions."""
    loadings = one.map.loadings
    return {
        "explained": list(one.map.explained),
        "loadings": {name: loadings.loc[name].tolist() for name in loadings.index},
    }


def _tables(buyers: pd.DataFrame, found: Found) -> dict[str, pd.DataFrame]:
    place = found[CROWDS].map.points.to_numpy("float32")
    columns = {
        "customer_id": buyers["customer_id"].to_numpy(),
        "x": place[:, 0],
        "y": place[:, 1],
    }
    labels = {name: one.labels.to_numpy() for name, one in found.items()}
    return {
        "clusters": pd.DataFrame(columns | labels),
        "profiles": _stacked({name: one.clusters for name, one in found.items()}),
        "centres": _stacked({name: one.centres for name, one in found.items()}),
        "traits": _stacked(
            {name: one.traits.set_index("cluster") for name, one in found.items()}
        ),
    }


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables indexed by `cluster` in one, with a column `division`."""
    return pd.concat(tables, names=["division", "cluster"]).reset_index()


def _plain(note: Note, labels: Mapping[str, str]) -> dict[str, Any]:
    """A note as JSON keeps it."""
    said = {name: _named(value, labels) for name, value in dict(note.values).items()}
    return {"text": note.text, "values": said}


def _named(value: object, labels: Mapping[str, str]) -> object:
    return labels.get(value, value) if isinstance(value, str) else value
