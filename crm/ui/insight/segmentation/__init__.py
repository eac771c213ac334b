"""The page of segmentation: what to compute, and three ways to look at the result."""

import streamlit as st

from crm import db
from crm.analytics.segmentation.features import (
    DEFAULT,
    FEATURES,
    RESPONSE,
    RESPONSE_LABEL,
)
from crm.i18n import N_, _
from crm.services.admin import custom_numbers
from crm.ui import access, address, insight
from crm.ui.insight.segmentation import clusters_view, movement_view, rfm_view

KIND = "segmentation"
VIEWS = {"rfm": N_("RFM"), "clusters": N_("Clusters"), "movement": N_("Movement")}


def show() -> None:
    """The whole page below its title."""
    view = address.choice(
        _("Way to segment"), VIEWS, "segmentation_view", is_labelled=False
    )
    if view == "movement":
        movement_view.show()
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _ask()
    shown = insight.current(KIND)
    if view == "clusters":
        clusters_view.show(shown)
    else:
        rfm_view.show(shown)


def _ask() -> None:
    """The day, the features that clusters are sought in, and the button."""
    as_of = insight.as_of(KIND)
    with db.reading(access.current()) as session:
        custom = custom_numbers.labels(session)
    features = address.several(
        _("Clusters by"),
        FEATURES | {RESPONSE: RESPONSE_LABEL} | custom,
        "segmentation_features",
        usual=list(DEFAULT),
        width=520,
    )
    asked = {"features": features or list(DEFAULT)}
    insight.compute(KIND, _("Segmentation"), asked, as_of=as_of)
