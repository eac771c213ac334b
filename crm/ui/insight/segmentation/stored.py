"""What is computed from a stored segmentation while one looks, kept in memory.

Shared by all readers of the result, and so never to be changed.
"""

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.segmentation import rfm
from crm.analytics.segmentation.features import FEATURES, RESPONSE, RESPONSE_LABEL
from crm.analytics.segmentation.ranks import Ranks
from crm.analytics.segmentation.rfm import Segmentation
from crm.analytics.segmentation.rfm_scores import MEASURES, Cuts, quantile_cuts
from crm.i18n import _
from crm.models import Analysis
from crm.ui import insight

Points = tuple[tuple[float, ...], ...]  # those of recency, frequency, monetary

BY_RESULT: dict[str | type[Any], Callable[[Any], Any]] = {Analysis: insight.identity}


def buyers(shown: Analysis) -> pd.DataFrame:
    """The customers of the result with their features, in the stored order."""
    return insight.table(shown, "buyers")


def labels(shown: Analysis) -> dict[str, str]:
    """What the features of the customers are called, custom fields as typed."""
    known = buyers(shown).columns  # those of an older result are fewer
    named = {name: _(label) for name, label in FEATURES.items() if name in known}
    held = dict(shown.summary.get("labels", {}))
    if RESPONSE in held:
        held[RESPONSE] = _(RESPONSE_LABEL)
    return named | held


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs=BY_RESULT)
def usual_cuts(shown: Analysis, bins: int, total: bool) -> Cuts:
    """Cut points by quantiles; `total` judges money in all instead of per order.

    Days and orders are whole: from 29.3 days on means from 30.
    """
    cuts = quantile_cuts(_customers(shown, total), bins)
    whole = {
        measure: tuple(float(ceil(point)) for point in getattr(cuts, measure))
        for measure in ("recency", "frequency")
    }
    return replace(cuts, **whole)


def scored(shown: Analysis, cuts: Cuts, *, total: bool) -> Segmentation:
    """The customers scored and named by `cuts`, in the stored order."""
    points = tuple(getattr(cuts, measure) for measure in MEASURES)
    return _scored(shown, points, total)


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=BY_RESULT)
def _scored(shown: Analysis, points: Points, total: bool) -> Segmentation:
    customers, ranks = _customers(shown, total), _ranks(shown, total)
    return rfm.rescore(customers, Cuts(*points), ranks=ranks)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_RESULT)
def _ranks(shown: Analysis, total: bool) -> dict[str, Ranks]:
    return rfm.rank(_customers(shown, total))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_RESULT)
def _customers(shown: Analysis, total: bool) -> pd.DataFrame:
    """As `rfm.rescore` takes them."""
    table = buyers(shown).set_index("customer_id")[list(rfm.COLUMNS)]
    return table.assign(monetary=table["revenue"]) if total else table
