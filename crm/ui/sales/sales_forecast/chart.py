"""Bars for intervals of sums, with what is known of them."""

import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts
from crm.ui.sales.sales_forecast.chosen import SHORT, period_name

WON, BOX, TARGET = 0, 1, 2  # colours


def ahead(rows: pd.DataFrame, unit: str) -> go.Figure:
    """What is won as a bar, P10 to P90 as a box, P50 as a line across it."""
    names = [period_name(unit, day.date(), SHORT) for day in rows["period"]]
    ids = rows["period"].dt.strftime("%Y-%m-%d").tolist()
    fig = go.Figure()
    if rows["won"].any():
        fig.add_bar(
            x=names,
            y=rows["won"],
            name=_("Won"),
            marker={"color": charts.SERIES[WON]},
            customdata=ids,
            hovertemplate="%{y:,.0f}",
        )
    interval(fig, names, rows, ids)
    if rows["target"].notna().any():
        fig.add_scatter(
            x=names,
            y=rows["target"],
            mode="markers",
            name=_("Target"),
            marker={"color": charts.SERIES[TARGET], "symbol": "diamond", "size": 10},
            customdata=ids,
            hovertemplate="%{y:,.0f}",
        )
    fig.update_yaxes(rangemode="tozero")
    return fig.update_layout(dragmode="pan", barmode="overlay")


def past(tried: pd.DataFrame) -> go.Figure:
    """A box for what was said, a dot for what came."""
    names = [period_name("month", day.date(), SHORT) for day in tried["period"]]
    ids = tried["period"].dt.strftime("%Y-%m-%d").tolist()
    fig = go.Figure()
    interval(fig, names, tried, ids)
    fig.add_scatter(
        x=names,
        y=tried["actual"],
        mode="markers",
        name=_("What came"),
        marker={"color": charts.SERIES[0], "size": 10},
        hovertemplate="%{y:,.0f}",
    )
    fig.update_yaxes(rangemode="tozero")
    return fig.update_layout(barmode="overlay")


def interval(
    fig: go.Figure, names: list[str], rows: pd.DataFrame, ids: list[str]
) -> None:
    """A box from P10 to P90 of each row, and P50 as a mark."""
    fig.add_bar(
        x=names,
        base=rows["p10"],
        y=rows["p90"] - rows["p10"],
        name=_("P10 to P90"),
        marker={"color": charts.SERIES[BOX], "opacity": 0.55, "cornerradius": 0},
        customdata=list(zip(ids, rows["p10"], rows["p90"], strict=True)),
        hovertemplate="%{customdata[1]:,.0f} – %{customdata[2]:,.0f}",
    )
    fig.add_scatter(
        x=names,
        y=rows["p50"],
        mode="markers",
        name=_("P50"),
        marker={
            "color": charts.INK, "symbol": "line-ew-open", "size": 18,
            "line": {"width": 3, "color": charts.INK},
        },
        customdata=ids,
        hovertemplate="%{y:,.0f}",
    )  # fmt: skip
