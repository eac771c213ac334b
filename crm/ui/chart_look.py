"""How charts look: colours of the theme, spacing, dates in the user's language.

The colours are signs that Streamlit replaces in the browser by those of
`.streamlit/config.toml`, in light and in dark, also when the user switches.
"""

from typing import Any

import numpy as np
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
_DAY = 86_400_000  # milliseconds, as Plotly counts
_NUMBERED_DATES: list[dict[str, Any]] = [
    {"dtickrange": [None, _DAY - 1], "value": "%H:%M"},
    {"dtickrange": [_DAY, "M1"], "value": "%m-%d"},
    {"dtickrange": ["M1", "M12"], "value": "%Y-%m"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]


def dressed(fig: go.Figure, *, x: str = "", y: str = "") -> go.Figure:
    """A copy of `fig` in the look of the app, its texts made harmless."""
    is_dated = any(_is_dated(trace) for trace in fig.data)
    fig = go.Figure(harmless(fig.to_plotly_json()))
    top = 44 if fig.layout.title.text else 12
    fig.update_layout(**_LAYOUT, margin={"l": 4, "r": 8, "t": top, "b": 4})
    fig.update_xaxes(**_AXIS)
    fig.update_yaxes(**_AXIS)
    for trace in fig.select_traces({"type": "heatmap"}):
        trace.update(xgap=2, ygap=2, colorbar={"outlinewidth": 0, "thickness": 12})
    if is_dated:
        fig.update_xaxes(hoverformat="%Y-%m-%d", tickformatstops=_date_ticks())
    if x:
        fig.update_xaxes(title_text=x)
    if y:
        fig.update_yaxes(title_text=y)
    return fig


def _is_dated(trace: Any) -> bool:
    values = getattr(trace, "x", None)
    return values is not None and np.asarray(values).dtype.kind == "M"


def _date_ticks() -> list[dict[str, Any]]:
    """Plotly knows English months only: elsewhere numbers stand for them."""
    return [] if current() == "en" else _NUMBERED_DATES
