"""Flows between groups of two days, as bands from left to right.

Drawn of filled lines, with a mark on each band: Plotly has a Sankey diagram of its
own, but lets nobody pick from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm.analytics.segmentation.migration import NOT_YET
from crm.models import Analysis
from crm.ui import charts
from crm.ui.format import number
from crm.ui.insight.segmentation import movement_words
from crm.ui.insight.segmentation.movement_words import Flow

BASE = 1000  # a flow's id: the group before times this, plus the group after
BAR = 0.02  # width of a group's bar, of the whole width of 1
SPACE = 0.035  # between two groups, of all customers
MARKED = 0.01  # share of all customers from which on a flow has a mark
STEPS = np.linspace(0, 1, 25)
BEND = STEPS**2 * (3 - 2 * STEPS)  # flat at both ends
PLACES = (10, 12, 14)  # steps along the band that its mark is at, so that few overlap


@dataclass(frozen=True)
class Band:
    """A flow as it is drawn: from `left` to `right` downwards, `width` customers."""

    flow: Flow
    left: float
    right: float
    width: int


def height(flows: pd.DataFrame) -> int:
    """So high that the names of all groups have room, in pixels."""
    most = max(flows["before"].nunique(), flows["after"].nunique())
    return max(360, 46 * int(most))


def flow(one: int) -> Flow:
    """The groups that an id stands for."""
    return divmod(int(one), BASE)


def flows(shown: Analysis, table: pd.DataFrame) -> go.Figure:
    """The bands, their marks, and the groups with their names on both sides."""
    total = int(table["customers"].sum())
    left = _starts(table.groupby("before")["customers"].sum(), SPACE * total)
    right = _starts(table.groupby("after")["customers"].sum(), SPACE * total)
    bands = list(_bands(table, left, right))
    fig = go.Figure()
    for group in left:
        mine = [band for band in bands if band.flow[0] == group]
        fig.add_trace(_ribbons(mine, _colour(group)))
    for side, starts, column in ((0, left, "before"), (1, right, "after")):
        sizes = table.groupby(column)["customers"].sum()
        for group, start in starts.items():
            fig.add_trace(_bar(side, start, int(sizes[group]), _colour(group)))
        fig.add_trace(_names(shown, side, starts, sizes))
    fig.add_trace(_marks(shown, [one for one in bands if one.width >= MARKED * total]))
    across = {"visible": False, "range": [-0.01, 1.01]}
    down = {"visible": False, "autorange": "reversed"}
    layout = {"xaxis": across, "yaxis": down, "showlegend": False, "dragmode": "pan"}
    return fig.update_layout(layout)


def _starts(sizes: pd.Series, space: float) -> dict[int, float]:
    """Where each group begins downwards; those without an order yet come last."""
    order = sorted(
        (int(one) for one in sizes.index), key=lambda one: (one == NOT_YET, one)
    )
    starts, place = {}, 0.0
    for group in order:
        starts[group] = place
        place += float(sizes[group]) + space
    return starts


def _bands(
    table: pd.DataFrame, left: dict[int, float], right: dict[int, float]
) -> Iterator[Band]:
    """Every flow; in a group's bar they lie in the order of the other side."""
    sizes = {
        (int(row.before), int(row.after)): int(row.customers)
        for row in table.itertuples(index=False)
    }
    out, into = dict(left), dict(right)
    for pair in ((before, after) for before in left for after in right):
        if width := sizes.get(pair, 0):
            yield Band(pair, out[pair[0]], into[pair[1]], width)
            out[pair[0]] += width
            into[pair[1]] += width


def _ribbons(bands: list[Band], colour: str) -> go.Scatter:
    """The bands of one group, one outline after another."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    along = BAR + STEPS * (1 - 2 * BAR)
    for band in bands:
        top = band.left + BEND * (band.right - band.left)
        xs += [*along.tolist(), *along[::-1].tolist(), None]
        ys += [*top.tolist(), *(top + band.width)[::-1].tolist(), None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        fill="toself",
        line={"width": 0, "color": colour},
        fillcolor=colour,
        opacity=0.35,
        hoverinfo="skip",
    )


def _bar(side: int, start: float, size: int, colour: str) -> go.Scatter:
    x1, x2 = (0.0, BAR) if side == 0 else (1 - BAR, 1.0)
    return go.Scatter(
        x=[x1, x2, x2, x1],
        y=[start, start, start + size, start + size],
        mode="lines",
        fill="toself",
        line={"width": 0, "color": colour},
        fillcolor=colour,
        hoverinfo="skip",
    )


def _names(
    shown: Analysis, side: int, starts: dict[int, float], sizes: pd.Series
) -> go.Scatter:
    """The day on top, then each group with its number of customers."""
    texts = [
        f"{movement_words.group(shown, group)} · {number(int(sizes[group]))}"
        for group in starts
    ]
    above = -SPACE * float(sizes.sum())
    middles = [start + float(sizes[group]) / 2 for group, start in starts.items()]
    day = movement_words.days(shown)[side]
    inside = BAR + 0.01 if side == 0 else 0.99 - BAR
    return go.Scatter(
        x=[float(side), *[inside] * len(starts)],
        y=[above, *middles],
        mode="text",
        text=[day, *texts],
        textposition="middle right" if side == 0 else "middle left",
        textfont={"color": charts.INK, "size": 12},
        hoverinfo="skip",
        selected={"textfont": {"color": charts.INK}},
        unselected={"textfont": {"color": charts.INK}},
    )


def _marks(shown: Analysis, bands: list[Band]) -> go.Scatter:
    """What a flow is picked by, about the middle of its band."""
    steps = [PLACES[place % len(PLACES)] for place in range(len(bands))]
    return go.Scatter(
        x=[float(BAR + STEPS[step] * (1 - 2 * BAR)) for step in steps],
        y=[
            band.left + BEND[step] * (band.right - band.left) + band.width / 2
            for band, step in zip(bands, steps, strict=True)
        ],
        mode="markers",
        customdata=[band.flow[0] * BASE + band.flow[1] for band in bands],
        text=[
            f"{movement_words.flow(shown, band.flow)}: {number(band.width)}"
            for band in bands
        ],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": 13,
            "color": [_colour(band.flow[0]) for band in bands],
            "line": {"color": charts.PAGE, "width": 2},
        },
        selected={"marker": {"size": 17}},
        unselected={"marker": {"opacity": 0.8}},
    )


def _colour(group: int) -> str:
    if group == NOT_YET:
        return str(charts.MUTED)
    return str(charts.SERIES[(group - 1) % len(charts.SERIES)])
