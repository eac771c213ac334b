"""Survival curves as steps, each with its interval where there are few of them."""

from collections.abc import Iterator, Mapping

import pandas as pd
import plotly.graph_objects as go

from crm.analytics.survival.survival import Curve
from crm.i18n import _
from crm.ui import charts
from crm.ui.insight.survival.words import MONTH

FEW = 5  # running: fewer say nothing, and the curve ends before
BANDS = 3  # curves with an interval, at most
OPAQUE = 0.18


def figure(found: Mapping[str, Curve]) -> go.Figure:
    """A line for each curve, by name."""
    fig = go.Figure()
    for (name, one), colour in zip(found.items(), charts.SERIES, strict=False):
        steps = _steps(one)
        if len(found) <= BANDS:
            _band(fig, steps, colour)
        fig.add_scatter(
            x=steps["months"],
            y=steps["survival"],
            name=name,
            mode="lines",
            line={"shape": "hv", "color": colour, "width": 2.5},
            customdata=steps[["low", "high", "at_risk"]],
            hovertemplate=_(
                "%{x:.1f} months: %{y:.0%} (%{customdata[0]:.0%} to "
                "%{customdata[1]:.0%}), running before: %{customdata[2]:,}"
            ),
        )
    fig.update_xaxes(rangemode="tozero")
    fig.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return fig


def _steps(one: Curve) -> pd.DataFrame:
    """From 1 at the start, to the last time with enough still running."""
    first = {"days": 0, "at_risk": one.subscriptions, "ended": 0,
             "survival": 1.0, "low": 1.0, "high": 1.0}  # fmt: skip
    kept = one.table[one.table["at_risk"] >= FEW]
    last = {**(kept.iloc[-1].to_dict() if len(kept) else first), "days": one.longest}
    parts = [pd.DataFrame([first]), kept]
    if len(kept) == len(one.table):  # nothing more happens up to the longest
        parts.append(pd.DataFrame([last]))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(months=table["days"] / MONTH)


def _band(fig: go.Figure, steps: pd.DataFrame, colour: str) -> None:
    """The interval as a shape: what fills the room between lines cannot be pale."""
    low = list(_corners(steps["months"], steps["low"]))
    high = list(_corners(steps["months"], steps["high"]))
    corners = [f"{x:.3f},{y:.4f}" for x, y in [*low, *reversed(high)]]
    fig.add_shape(
        type="path",
        path="M " + " L ".join(corners) + " Z",
        fillcolor=colour,
        opacity=OPAQUE,
        line_width=0,
        layer="below",
    )


def _corners(x: pd.Series, y: pd.Series) -> Iterator[tuple[float, float]]:
    """Of steps that go on to the right, then up or down."""
    before = None
    for place, height in zip(x, y, strict=True):
        if before is not None:
            yield place, before
        yield place, height
        before = height
