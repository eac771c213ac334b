"""Where customers lie in the pictures of clusters, and how an axis is labelled."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from crm.analytics.segmentation import features
from crm.analytics.segmentation.features import Floats
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent
from crm.ui.insight.segmentation import stored

DECADES = 7  # up to ten million
STRONG = 0.4  # of a loading, whose squares sum to 1


@dataclass(frozen=True)
class Axis:
    """Where each customer lies along an axis.

    `labels` by position, where the positions are logarithms; else empty.
    """

    title: str
    values: Floats
    labels: dict[float, str]


def along_map(shown: Analysis, side: int) -> Axis:
    """An axis of the map: 0 for x, 1 for y."""
    share = percent(shown.summary["explained"][side])
    title = f"{_made_of(shown, side)} ({share})"
    values = insight.table(shown, "clusters")["xy"[side]].to_numpy(dtype=np.float64)
    return Axis(title, values, {})


def along(shown: Analysis, feature: str) -> Axis:
    """A feature; as its logarithm where few customers have nearly all of it."""
    values, is_log = _placed(shown, feature)
    labels = _ticks(values) if is_log else {}
    return Axis(stored.labels(shown)[feature], values, labels)


def _made_of(shown: Analysis, side: int) -> str:
    """What makes customers lie further along an axis of the map."""
    labels = stored.labels(shown)
    strong = [
        ("+ " if pair[side] > 0 else "− ") + labels[feature]
        for feature, pair in shown.summary["loadings"].items()
        if abs(pair[side]) >= STRONG
    ]
    return ", ".join(strong)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=stored.BY_RESULT)
def _placed(shown: Analysis, feature: str) -> tuple[Floats, bool]:
    values = features.column(stored.buyers(shown), feature)
    if (known := np.isfinite(values)).any() and not known.all():
        values = np.where(known, values, np.median(values[known]))
    scale = features.learn(feature, values)
    is_log = scale is not None and scale.log
    return (features.signed_log(values) if is_log else values), is_log


def _ticks(places: Floats) -> dict[float, str]:
    """Round values between the least and the most, at their signed logarithms."""
    round_values = [m * 10.0**power for power in range(DECADES) for m in (1, 3)]
    candidates = [-one for one in reversed(round_values)] + [0.0, *round_values]
    at = features.signed_log(np.array(candidates))
    low, high = places.min() - 0.1, places.max() + 0.1
    return {
        float(place): number(value)
        for place, value in zip(at, candidates, strict=True)
        if low <= place <= high
    }
