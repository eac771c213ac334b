"""The heat map as a figure: bars stand for cells, as nobody can pick from a heat map.

What users typed goes in as data of the cells, and escaped into the labels of rows.
"""

from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from crm.analytics.cohorts.cohorts import FEW
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import number
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import AVERAGE, View

LETTERS = 13  # of a row's name
PALE = 2.4  # of the colour scale only the part that text can be read on
PERIODS = 1000  # a cell's id: so many times the row after AVERAGE, plus the period
ASIDE = 1.3  # how far to the left the numbers of customers stand
LEGIBLE = 12  # periods whose numbers fit on a phone; of more they become smaller
USUAL = 0.98  # share of the cells within the colour scale
WRITING: dict[str, Any] = {
    "texttemplate": "%{text}",
    "textposition": "inside",
    "insidetextanchor": "middle",
    "textangle": 0,
}
HATCHED = {
    "color": charts.PAGE,
    "pattern": {"shape": "/", "size": 5, "solidity": 0.15, "fgcolor": charts.MUTED},
}
GREY = {"color": charts.MUTED, "opacity": 0.12}
FADED = 0.5  # what is not picked, against what it was


def figure(view: View, periods: int) -> go.Figure:
    """All together on top, then the rows; a first column says how many they are."""
    first = 0 if view.question.measure == "orders" else 1
    places = {row: place for place, row in enumerate([AVERAGE, *view.rows])}
    every = pd.concat([view.found.average, view.found.cells])
    every = every.assign(place=every["row"].map(places))
    cells = every[every["period"].between(first, periods)]
    running = cells["state"] == "running"
    few = ~running & ((cells["observed"] < FEW) | cells["value"].isna())
    sure = cells[~running & ~few]
    traces = [
        _trace(view, sure, _coloured(sure)),
        _trace(view, cells[few], GREY),
        _trace(view, cells[running], HATCHED),
        _sizes(every[every["period"] == 0], first - ASIDE),
    ]
    fits = "none" if periods <= LEGIBLE else "inside"
    for trace in traces:
        trace.constraintext = fits
    names = [escape(_short(view.name(row)), quote=False) for row in places]
    return go.Figure(traces, _layout(names, first, max(first, periods)))


def _layout(names: list[str], first: int, last: int) -> dict[str, Any]:
    """Periods above, the rows from top to bottom."""
    shown = list(range(first, last + 1))
    bare = {"showgrid": False, "zeroline": False}
    return {
        "barmode": "overlay",
        "showlegend": False,
        "xaxis": {
            "tickvals": [first - ASIDE, *shown],
            "ticktext": ["n", *map(str, shown)],
            "range": [first - ASIDE - 0.7, last + 0.5],
            "side": "top",
            **bare,
        },
        "yaxis": {
            "tickvals": list(range(len(names))),
            "ticktext": [f"<b>{names[0]}</b>", *names[1:]],
            "range": [len(names) - 0.5, -0.5],
            **bare,
        },
    }


def _trace(view: View, cells: pd.DataFrame, marker: dict[str, Any]) -> go.Bar:
    ink = charts.MUTED if marker is HATCHED else charts.INK
    return go.Bar(
        x=cells["period"],
        y=[0.92] * len(cells),
        base=cells["place"] - 0.46,
        width=0.94,
        customdata=[_known(view, cell) for cell in cells.itertuples(index=False)],
        marker=marker,
        text=[_written(cell) for cell in cells.itertuples(index=False)],
        **WRITING,
        insidetextfont={"color": ink, "size": 11},
        hovertemplate="<b>%{customdata[1]}</b>, %{customdata[2]}<br>%{customdata[3]}"
        "<br>%{customdata[4]}<extra></extra>",
        selected={"textfont": {"color": charts.INK}},
        unselected={
            "marker": {"opacity": FADED * marker.get("opacity", 1)},
            "textfont": {"color": charts.MUTED},
        },
    )


def _coloured(cells: pd.DataFrame) -> dict[str, Any]:
    """By value; what is far above all others, such as the very start, is cut off."""
    later = cells.loc[cells["period"] > 0, "value"]
    least, most = (later.min(), later.quantile(USUAL)) if len(later) else (0.0, 1.0)
    return {
        "color": cells["value"],
        "colorscale": charts.SEQUENTIAL,
        "cmin": min(0.0, least),
        "cmax": PALE * max(most, 1e-9),
    }


def _sizes(starts: pd.DataFrame, place: float) -> go.Bar:
    """How many customers a row holds; a click picks all of them."""
    return go.Bar(
        x=[place] * len(starts),
        y=[0.92] * len(starts),
        base=starts["place"] - 0.46,
        width=0.94,
        marker={"color": charts.PAGE},
        text=[number(count) for count in starts["customers"]],
        **WRITING,
        insidetextfont={"color": charts.MUTED, "size": 11},
        customdata=[[_identity(cell), ""] for cell in starts.itertuples(index=False)],
        hoverinfo="skip",
    )


def _identity(cell: Any) -> int:
    return int((cell.row - AVERAGE) * PERIODS + cell.period)


def _written(cell: Any) -> str:
    if cell.state == "running":
        return "…"
    return words.short(cell.value)


def _known(view: View, cell: Any) -> list[Any]:
    """The id of a cell, and four texts for when the pointer is on it."""
    later = words.later(cell.period, view.question)
    told = (_so_far if cell.state == "running" else _over)(view, cell)
    return [_identity(cell), view.name(cell.row), later, *told]


def _so_far(view: View, cell: Any) -> tuple[str, str]:
    value = words.figure(cell.value, view.question.measure)
    return _("Not over yet"), _("so far {value}").format(value=value)


def _over(view: View, cell: Any) -> tuple[str, str]:
    measure = view.question.measure
    value = words.figure(cell.value, measure)
    known = words.interval(cell.low, cell.high, measure)
    told = _("{active} of {customers} ordered").format(
        active=number(cell.active), customers=number(cell.observed)
    )
    if cell.state == "part":
        more = _("{told}; not over yet for the other {n}")
        left = number(cell.customers - cell.observed)
        told = more.format(told=told, n=left)
    return f"{value} ({known})" if known else value, told


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"
