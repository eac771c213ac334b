"""Frozen segmentations of every kind: from plain numbers to everybody's group.

A model of RFM is its cut points; the usual rules name the segments. One of clusters is
a `crm.analytics.segmentation.cluster_model.Model`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.segmentation import clusters, groups, rfm_rules
from crm.analytics.segmentation.cluster_model import Model, packed
from crm.analytics.segmentation.rfm_scores import Cuts, recency_score, score
from crm.errors import Invalid
from crm.i18n import N_, _


@dataclass(frozen=True)
class RfmModel:
    """Cut points kept for later; the usual rules, which ask for any money, name."""

    cuts: Cuts


Frozen = RfmModel | Model

OF_RFM = ("recency", "frequency")


def as_json(model: Frozen) -> dict[str, Any]:
    """Plain numbers, lists and texts; `restored` makes the model of them again."""
    if isinstance(model, RfmModel):
        return {"method": "rfm", "cuts": asdict(model.cuts)}
    method = "mixture" if model.weights else "kmeans"
    return {"method": method} | model.as_json()


def restored(data: Mapping[str, Any]) -> Frozen:
    """The model that `as_json` made plain.

    Raises:
        Invalid: this version knows no such models.
    """
    match data.get("method"):
        case "rfm":
            cuts = {name: packed(points) for name, points in data["cuts"].items()}
            return RfmModel(Cuts(**cuts))
        case "kmeans" | "mixture":
            return Model.from_json(data)
    raise Invalid(_("This version does not know the kind of this model."))


def features(model: Frozen) -> list[str]:
    """The columns of the customers that the model reads."""
    return [*OF_RFM] if isinstance(model, RfmModel) else model.features


def group_names(model: Frozen) -> list[str]:
    """What the groups 1, 2 … are called, to be translated.

    Clusters are called by number alone: “1”.
    """
    if isinstance(model, RfmModel):
        return rfm_rules.names(rfm_rules.default_rules(model.cuts.shape))
    return [str(number) for number in range(1, len(model.centres) + 1)]


def assign(model: Frozen, buyers: pd.DataFrame) -> pd.Series:
    """The group (1 and up) of each customer, indexed by `customer_id`.

    The same row always gets the same group, whoever else is in the table.

    Raises:
        Invalid: a value is missing.
    """
    if isinstance(model, Model):
        return clusters.assign(model, buyers)
    groups.check(buyers, OF_RFM, at_least=0)
    cuts = model.cuts
    r = recency_score(buyers["recency"].to_numpy(), cuts.recency).astype(np.intp)
    f = score(buyers["frequency"].to_numpy(), cuts.frequency).astype(np.intp)
    cells = rfm_rules.cube(rfm_rules.default_rules(cuts.shape), cuts.shape)
    customers = pd.Index(buyers["customer_id"])
    return pd.Series(cells[r - 1, f - 1, 0] + 1, index=customers, name="group")


METHODS = {
    "rfm": N_("RFM"),
    "kmeans": N_("k-means"),
    "mixture": N_("Gaussian mixture"),
    "crowds": N_("HDBSCAN"),
}
