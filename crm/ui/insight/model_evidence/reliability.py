"""Predicted against actual shares: whether probabilities come true."""

import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts

DIAGONAL = {"color": charts.MUTED, "width": 1, "dash": "dot"}


def figure(
    table: pd.DataFrame,
    name: str,
    hover: str,
    *,
    color: str = charts.SERIES[0],
    most: float = 1.0,
) -> go.Figure:
    """A point for each group with its interval; its id is its place, from 0.

    Args:
        table: as in `calibration.RELIABILITY`, of one model.
        name: of the points.
        hover: what is said of a point; `customdata` are its place, the number of its
            customers, and the ends of its interval.
        most: the share up to which both axes reach.
    """
    fig = go.Figure()
    fig.add_scatter(
        x=[0, most],
        y=[0, most],
        mode="lines",
        name=_("As predicted"),
        line=DIAGONAL,
        hoverinfo="skip",
    )
    points = table.reset_index(drop=True).reset_index(names="place")
    fig.add_scatter(
        x=points["predicted"],
        y=points["actual"],
        mode="markers",
        name=name,
        marker={"color": color, "size": 10},
        error_y=charts.interval_bars(points, "actual", color),
        customdata=points[["place", "customers", "low", "high"]],
        hovertemplate=hover + "<extra></extra>",
    )
    return in_shares(fig, most)


def in_shares(fig: go.Figure, most: float = 1.0) -> go.Figure:
    """Both axes in percent, a little farther than the largest share."""
    fig.update_xaxes(tickformat=".0%", range=[0, 1.02 * most])
    return fig.update_yaxes(tickformat=".0%", range=[0, 1.02 * most])
