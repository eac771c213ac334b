"""The pictures of RFM: the grid of scores, and the segments as bars."""

from collections.abc import Sequence
from textwrap import wrap

import plotly.graph_objects as go

from crm.analytics.segmentation.rfm import Segmentation
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import money, number
from crm.ui.insight.segmentation.rfm_look import Look
from crm.ui.insight.segmentation.share_bars import share_bars

PALE = 2.8  # of the colour scale only the part that text can be read on
LETTERS = 11  # of a segment's name in a line of a cell
CELL = 10  # a cell's id: 10 times the score of recency, plus that of frequency


def grid(found: Segmentation, look: Look) -> go.Figure:
    """Recency against frequency: a cell for each pair of scores that occurs.

    Bars stand for the cells: Plotly lets nobody pick from a heat map.
    """
    table = found.grid_of(look.m)
    table = table[table["customers"] > 0]
    value = table["customers"] if look.colour == "customers" else table["monetary"]
    rows = list(table.itertuples(index=False))
    bars = go.Bar(
        x=table["f"],
        y=[0.96] * len(table),
        base=table["r"] - 0.48,
        width=0.96,
        customdata=CELL * table["r"] + table["f"],
        marker={
            "color": value,
            "colorscale": charts.SEQUENTIAL,
            "cmin": min(0, value.min()),
            "cmax": PALE * max(0, value.max()),
        },
        texttemplate=[
            _cell(row.segment, row.customers, row.monetary, look) for row in rows
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="inside",
        hovertemplate=[_hover(row.r, row.f, found.cuts) for row in rows],
        selected={"textfont": {"color": charts.INK}},
        unselected={"marker": {"opacity": 0.5}, "textfont": {"color": charts.MUTED}},
    )
    scores = list(range(1, look.bins + 1))
    axis = {"tickvals": scores, "range": [0.5, look.bins + 0.5], "showgrid": False}
    layout = {"barmode": "overlay", "showlegend": False, "xaxis": axis, "yaxis": axis}
    return go.Figure(bars, layout)


def segments(found: Segmentation) -> go.Figure:
    """Each segment's share of the customers and of the revenue."""
    names = list(found.segments.index)
    return share_bars([_(name) for name in names], names, found.segments)


def _cell(segment: str, customers: int, value: float, look: Look) -> str:
    """What stands in a cell: the segment, line by line, and the figure."""
    name = "<br>".join(wrap(_(segment), LETTERS))
    figure = number(customers) if look.colour == "customers" else money(value)
    return f"{name}<br><b>{figure}</b>"


def _hover(r: int, f: int, cuts: Cuts) -> str:
    """Which customers a cell holds, in their own units."""
    latest = len(cuts.recency) + 1
    days = _between(cuts.recency, latest - r)
    orders = _between(cuts.frequency, f - 1)
    first = _("R {r}: {days} days since the last order").format(r=r, days=days)
    second = _("F {f}: {orders} orders").format(f=f, orders=orders)
    return f"{first}<br>{second}<extra></extra>"


def _between(points: Sequence[float], position: int) -> str:
    """The interval at `position`, 0 being the one below the first point."""
    lower = number(points[position - 1]) if position else None
    upper = number(points[position]) if position < len(points) else None
    if lower is None:
        return _("under {upper}").format(upper=upper)
    if upper is None:
        return _("{lower} and more").format(lower=lower)
    return _("{lower} to under {upper}").format(lower=lower, upper=upper)
