"""The page of segmentation: what to compute, and two ways to look at the result."""

import streamlit as st

from crm.analytics.features import DEFAULT, FEATURES
from crm.i18n import N_, _
from crm.ui import insight
from crm.ui.segmentation import address, clusters_view, rfm_view

KIND = "segmentation"
VIEWS = {"rfm": N_("RFM"), "clusters": N_("Clusters")}


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _ask()
    shown = insight.current(KIND)
    view = address.choice(
        _("Way to segment"), VIEWS, "segmentation_view", is_labelled=False
    )
    if view == "clusters":
        clusters_view.show(shown)
    else:
        rfm_view.show(shown)


def _ask() -> None:
    """The day, the features that clusters are sought in, and the button."""
    as_of = insight.as_of(KIND)
    features = st.multiselect(
        _("Clusters by"),
        list(FEATURES),
        default=list(DEFAULT),
        format_func=lambda name: _(FEATURES[name]),
        key="segmentation_features",
        persist_state="session",
        width=520,
    )
    asked = {"features": features or list(DEFAULT)}
    insight.compute(KIND, _("Segmentation"), asked, as_of=as_of)
