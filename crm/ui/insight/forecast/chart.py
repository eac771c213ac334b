"""What came and what is expected, in one chart."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.ui import charts, period_words
from crm.ui.format import plain
from crm.ui.insight.forecast.series import Chosen, label

SHOWN = {"day": 120, "week": 104, "month": 48}  # the last periods


def show(chosen: Chosen) -> None:
    """A click on what came opens the orders of that period."""
    history = chosen.of("history", chosen.one["series"]).tail(SHOWN[chosen.unit])
    expected = chosen.of("expected", chosen.one["series"])
    picked = charts.pick(
        figure(history, expected),
        key="forecast_chart",
        alt=_("{measure} so far and expected: {group}").format(
            measure=chosen.axis, group=label(chosen.one)
        ),
        y=chosen.axis,
        height=380,
    )
    st.caption(
        plain(
            _(
                "The dark boxes hold 80%, the light ones 95%. Click a point of the "
                "past to see its orders."
            )
        )
    )
    if picked.ids and picked.ids[0]:
        period_words.open_orders(pd.Timestamp(str(picked.ids[0])), chosen.unit)


def figure(history: pd.DataFrame, expected: pd.DataFrame) -> go.Figure:
    """Lines for what came and what is expected, boxes for its intervals."""
    fig = go.Figure()
    for level, opacity in ((95, 0.3), (80, 0.45)):
        interval(
            fig,
            expected["period"],
            expected[f"low_{level}"],
            expected[f"high_{level}"],
            name=_("{level}% interval").format(level=level),
            opacity=opacity,
        )
    days = history["period"].dt.strftime("%Y-%m-%d")
    fig.add_scatter(
        x=history["period"],
        y=history["value"],
        customdata=days.to_numpy()[:, None],
        mode="lines+markers",
        name=_("So far"),
        line={"color": charts.SERIES[0], "width": 2},
        marker={"size": 5},
        hovertemplate="%{x|%Y-%m-%d}<br>%{y:,.0f}<extra></extra>",
    )
    fig.add_scatter(
        x=expected["period"],
        y=expected["expected"],
        mode="lines+markers",
        name=_("Expected"),
        line={"color": charts.INK, "width": 2, "dash": "dot"},
        marker={"size": 5, "symbol": "diamond"},
        hovertemplate="%{x|%Y-%m-%d}<br>%{y:,.0f}<extra></extra>",
    )
    # Points are clicked where the mouse would move the chart.
    return fig.update_layout(dragmode="pan", barmode="overlay", bargap=0.1)


def interval(
    fig: go.Figure,
    periods: pd.Series,
    low: pd.Series,
    high: pd.Series,
    *,
    name: str,
    opacity: float,
) -> None:
    """A box from `low` to `high` for each period; areas cannot be seen through."""
    fig.add_bar(
        x=periods,
        base=low,
        y=high - low,
        name=name,
        opacity=opacity,  # of the whole trace, so that its legend is as pale
        marker={"color": charts.SERIES[1], "cornerradius": 0},
        customdata=[[None, one, other] for one, other in zip(low, high, strict=True)],
        hovertemplate="%{customdata[1]:,.0f} – %{customdata[2]:,.0f}",
    )
