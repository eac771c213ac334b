"""How charts look: colours of the theme, spacing, dates in the user's language.

The colours are signs that Streamlit replaces in the browser by those of
`.streamlit/config.toml`, in light and in dark, also when the user switches.
"""

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from streamlit.elements.lib import streamlit_plotly_theme as signs

from crm.i18n import current
from crm.ui.chart_text import harmless

SERIES = tuple(getattr(signs, f"CATEGORY_{number}") for number in range(8))
"""Eight colours that everyone can tell apart, in the order to use them."""
SEQUENTIAL = [[step / 9, getattr(signs, f"SEQUENTIAL_{step}")] for step in range(10)]
"""Colour scale from little to much."""
DIVERGING = [[step / 9, getattr(signs, f"DIVERGING_{step}")] for step in range(10)]
"""Colour scale from far below to far above a middle."""
INK, MUTED, PAGE = signs.GRAY_90, signs.GRAY_70, signs.BG_COLOR
GOOD, BAD = signs.INCREASING, signs.DECREASING

_LAYOUT = {
    "font": {"color": INK, "size": 12},
    "colorway": SERIES,
    "hoverlabel": {"font": {"color": INK}},
    "legend": {
        "orientation": "h",
        "yanchor": "bottom",
        "y": 1.02,
        "x": 0,
        "title": {"text": ""},
        "font": {"color": INK},
    },
    "bargap": 0.25,
    "barcornerradius": 3,
}
_AXIS = {
    "tickfont": {"color": INK, "size": 11},
    "title": {"standoff": 10, "font": {"color": INK, "size": 12}},
}
_AXIS_NAME = re.compile(r"[xy]axis\d*")
_HEAT_MAP = {"xgap": 2, "ygap": 2, "colorbar": {"outlinewidth": 0, "thickness": 12}}
_DAY = 86_400_000  # milliseconds, as Plotly counts
_NUMBERED_DATES: list[dict[str, Any]] = [
    {"dtickrange": [None, _DAY - 1], "value": "%H:%M"},
    {"dtickrange": [_DAY, "M1"], "value": "%m-%d"},
    {"dtickrange": ["M1", "M12"], "value": "%Y-%m"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]


def dressed(fig: go.Figure, *, x: str = "", y: str = "") -> go.Figure:
    """A copy of `fig` in the look of the app, its texts made harmless.

    Put together as plain dictionaries, and not checked again: a Figure takes
    milliseconds to check itself, and `fig` has done so.
    """
    figure = harmless(fig.to_plotly_json())
    layout = figure["layout"]
    top = 44 if layout.get("title", {}).get("text") else 12
    _merge(layout, _LAYOUT | {"margin": {"l": 4, "r": 8, "t": top, "b": 4}})
    dates = {"hoverformat": "%Y-%m-%d", "tickformatstops": _date_ticks()}
    is_dated = any(_is_dated(trace) for trace in fig.data)
    for axis in {"xaxis", "yaxis", *filter(_AXIS_NAME.fullmatch, layout)}:
        _merge(layout.setdefault(axis, {}), _AXIS)
        is_x = axis.startswith("x")
        if is_x and is_dated:
            _merge(layout[axis], dates)
        if title := x if is_x else y:
            _merge(layout[axis], {"title": {"text": title}})
    for trace in figure["data"]:
        if trace["type"] == "heatmap":
            _merge(trace, _HEAT_MAP)
    return go.Figure(figure, _validate=False)


def interval_bars(table: pd.DataFrame, value: str, color: str) -> dict[str, Any]:
    """Bars around points, for their `error_x` or `error_y`.

    Args:
        table: a row for each point, which has its interval from `low` to `high`.
        value: the column by which the points are drawn.
    """
    return {
        "array": (table["high"] - table[value]).clip(lower=0),
        "arrayminus": (table[value] - table["low"]).clip(lower=0),
        "color": color,
        "thickness": 1.5,
        "width": 3,
    }


def _merge(known: dict[str, Any], more: dict[str, Any]) -> None:
    """Put `more` into `known`, dictionaries into dictionaries."""
    for name, value in more.items():
        if isinstance(value, dict):
            _merge(known.setdefault(name, {}), value)
        else:
            known[name] = value


def _is_dated(trace: Any) -> bool:
    if (values := getattr(trace, "x", None)) is None:
        return False
    held = np.asarray(values)
    is_days = held.dtype == object and held.size and isinstance(held.flat[0], date)
    return held.dtype.kind == "M" or bool(is_days)


def _date_ticks() -> list[dict[str, Any]]:
    """Plotly knows English months only: elsewhere numbers stand for them."""
    return [] if current() == "en" else _NUMBERED_DATES
