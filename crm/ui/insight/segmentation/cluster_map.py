"""Customers as points, to draw a lasso around some of them."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from crm.analytics import outlines
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, charts
from crm.ui.charts import Picked
from crm.ui.format import number, plain
from crm.ui.insight.segmentation import axes, stored
from crm.ui.insight.segmentation.axes import Axis
from crm.ui.insight.segmentation.cluster_words import title

POINTS = 5_000  # drawn; more would make the page slow and the picture grey
PICTURES = {"map": N_("Map of all features"), "features": N_("Two features")}

SYMBOLS = ("circle", "diamond", "square")

Rows = NDArray[np.intp]


def chosen_axes(shown: Analysis) -> tuple[Axis, Axis]:
    """What the user wants to see along x and y."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picture = address.choice(_("Picture"), PICTURES, "clusters_picture")
        if picture != "features":
            return axes.along_map(shown, 0), axes.along_map(shown, 1)
        across = _feature(shown, _("Along x"), "frequency", "clusters_x")
        up = _feature(shown, _("Along y"), "monetary", "clusters_y")
    return axes.along(shown, across), axes.along(shown, up)


def show(
    shown: Analysis, labels: NDArray[Any], across: Axis, up: Axis, *, key: str
) -> Picked:
    """Draw the points by cluster, to pick some of them; see `rows`."""
    drawn = _sample(len(labels), POINTS)
    picked = charts.pick(
        _figure(shown, labels, across, up, drawn),
        key=key,
        alt=_("Customers as points, coloured by cluster"),
        x=across.title,
        y=up.title,
        height=460,
    )
    counts = {"drawn": number(len(drawn)), "count": number(len(labels))}
    if len(drawn) == len(labels):
        told = _("{count} customers. Draw a lasso or a box around some of them.")
    else:
        told = _(
            "{drawn} of {count} customers are drawn, chosen at random. A lasso or a "
            "box takes in all who lie inside it, drawn or not."
        )
    st.caption(plain(told.format(**counts)))
    return picked


def rows(picked: Picked, labels: NDArray[Any], across: Axis, up: Axis) -> Rows:
    """The rows of the customers that were picked.

    Where not all are drawn, everybody inside the outlines counts, as far as the
    cluster is shown.
    """
    if len(labels) <= POINTS:
        return np.sort(np.array(picked.ids, dtype=np.intp))
    found = [np.empty(0, dtype=np.intp)]
    for outline in picked.lassos:
        xs, ys = outline["x"], outline["y"]
        found.append(outlines.inside(across.values, up.values, xs, ys))
    for box in picked.boxes:
        (x1, x2), (y1, y2) = box["x"], box["y"]
        xs, ys = [x1, x2, x2, x1], [y1, y1, y2, y2]
        found.append(outlines.inside(across.values, up.values, xs, ys))
    everybody = np.unique(np.concatenate(found))
    shown = np.unique(labels[np.array(picked.ids, dtype=np.intp)])
    return everybody[np.isin(labels[everybody], shown)]


def _feature(shown: Analysis, label: str, first: str, key: str) -> str:
    return address.menu(label, stored.labels(shown), key, usual=first, width=210)


def _figure(
    shown: Analysis, labels: NDArray[Any], across: Axis, up: Axis, drawn: Rows
) -> go.Figure:
    labels_of = stored.labels(shown)
    told = list(shown.summary["loadings"])[:4]
    values = stored.buyers(shown)[told].iloc[drawn].to_numpy(dtype=np.float64)
    data = np.column_stack([drawn, values])
    hover = "".join(
        f"<br>{labels_of[name]}: %{{customdata[{position}]:,.4~g}}"
        for position, name in enumerate(told, 1)
    )
    fig = go.Figure()
    for cluster in np.unique(labels).tolist():
        mine = labels[drawn] == cluster
        rows = drawn[mine]
        fig.add_scattergl(
            x=across.values[rows],
            y=up.values[rows],
            mode="markers",
            name=title(cluster),
            customdata=data[mine],
            marker={"size": 5, "opacity": 0.7} | _mark(cluster),
            hovertemplate=f"<b>{title(cluster)}</b>{hover}<extra></extra>",
        )
    fig.update_layout(legend={"itemsizing": "constant"})
    for axis, update in ((across, fig.update_xaxes), (up, fig.update_yaxes)):
        update(zeroline=False)
        if axis.labels:
            update(tickvals=list(axis.labels), ticktext=list(axis.labels.values()))
    return fig


def _mark(cluster: int) -> dict[str, Any]:
    """Colour and shape of a cluster's points; those in no cluster are crosses."""
    if not cluster:
        return {"color": charts.MUTED, "symbol": "x-thin-open"}
    turn, colour = divmod(cluster - 1, len(charts.SERIES))
    symbol = SYMBOLS[turn % len(SYMBOLS)]
    return {"color": charts.SERIES[colour], "symbol": symbol}


@st.cache_data(max_entries=8, show_spinner=False)
def _sample(count: int, at_most: int) -> Rows:
    if count <= at_most:
        return np.arange(count)
    drawn = np.random.default_rng(0).choice(count, at_most, replace=False)
    return np.sort(drawn)
