"""Show a chart, or let the user pick from one; every page does it through here."""

from dataclasses import dataclass, field
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from crm.ui.chart_look import (
    BAD,
    DIVERGING,
    GOOD,
    INK,
    MUTED,
    PAGE,
    SEQUENTIAL,
    SERIES,
    dressed,
    interval_bars,
)
from crm.ui.format import bold, plain

__all__ = [
    "BAD",
    "DIVERGING",
    "GOOD",
    "INK",
    "MUTED",
    "PAGE",
    "SEQUENTIAL",
    "SERIES",
    "Picked",
    "interval_bars",
    "pick",
    "show",
    "titled",
]

Way = Literal["points", "box", "lasso"]

_ZOOM = ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]
_CLOUDS = {"scatter", "scattergl", "splom"}


@dataclass(frozen=True)
class Picked:
    """What a user picked in a chart; empty when nothing is.

    `ids` are the first `customdata` of each point, `points` the points as Plotly
    tells them; `boxes` and `lassos` hold outlines as `{"x": [...], "y": [...]}`.
    """

    ids: list[Any] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    lassos: list[dict[str, Any]] = field(default_factory=list)


def titled(title: str, caption: str) -> None:
    """What stands above a chart: what it asks, and how to read it."""
    st.markdown(bold(title))
    st.caption(plain(caption))


def show(
    fig: go.Figure, *, key: str, alt: str, x: str = "", y: str = "", height: int = 320
) -> None:
    """Show a chart to look at; `x` and `y` title the axes, units included.

    `alt` says to those who cannot see it what the chart shows.
    """
    fig = dressed(fig, x=x, y=y)
    fig.update_layout(dragmode=False, height=height)
    st.plotly_chart(fig, key=key, alt=alt, height=height, config=_config(key, _ZOOM))


def pick(
    fig: go.Figure, *, key: str, alt: str, x: str = "", y: str = "", height: int = 420
) -> Picked:
    """Show a chart to pick from, and give what is picked.

    Clouds of points are picked from by lasso or box, other charts by click, and so are
    clouds whose `dragmode` is “pan”: Streamlit takes the one or the other. Give the
    points ids in `customdata`. The choice lasts as long as the figure stays
    the same, so draw nothing in it that depends on the choice.
    """
    is_moved = fig.layout.dragmode == "pan"
    is_cloud = not is_moved and any(trace.type in _CLOUDS for trace in fig.data)
    ways: tuple[Way, ...] = ("lasso", "box", "points") if is_cloud else ("points",)
    fig = dressed(fig, x=x, y=y)
    fig.update_layout(dragmode="lasso" if is_cloud else False, height=height)
    state: Any = st.plotly_chart(
        fig,
        key=key,
        alt=alt,
        height=height,
        on_select="rerun",
        selection_mode=ways,
        config=_config(key, ["zoomIn2d", "zoomOut2d", "autoScale2d"]),
    )
    return _picked(state["selection"])


def _config(name: str, without: list[str]) -> dict[str, Any]:
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": without,
        "toImageButtonOptions": {"filename": name, "scale": 2},
    }


def _picked(selection: Any) -> Picked:
    points = [dict(point) for point in selection["points"]]
    return Picked(
        ids=[
            _first(p["customdata"]) for p in points if p.get("customdata") is not None
        ],
        points=points,
        boxes=list(selection["box"]),
        lassos=list(selection["lasso"]),
    )


def _first(customdata: Any) -> Any:
    """The browser tells a row of numbers as `{"0": …}`, of texts as a list."""
    match customdata:
        case dict():
            return next(iter(customdata.values()), None)
        case [first, *_]:
            return first
        case _:
            return customdata
