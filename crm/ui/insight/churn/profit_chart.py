"""Profit by where the line is drawn."""

import plotly.graph_objects as go

from crm.analytics.churn.profit import Profit
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import percent


def figure(found: Profit, usual: float) -> go.Figure:
    """The curve, the best line with its interval, and the one that is in use.

    Args:
        usual: the threshold that the ranking above starts from.
    """
    curve = found.curve[found.curve["threshold"] <= 1]
    fig = go.Figure()
    fig.add_scatter(
        x=curve["threshold"],
        y=curve["profit"],
        mode="lines",
        name=_("Profit"),
        showlegend=False,
        line={"color": charts.SERIES[0], "width": 2},
        customdata=curve["customers"],
        hovertemplate=_(
            "from %{x:.0%} on: %{y:,.0f}<br>%{customdata:,} customers acted on"
        )
        + "<extra></extra>",
    )
    fig.add_hline(0, line={"color": charts.MUTED, "width": 1, "dash": "dot"})
    low, high = (min(end, 1.0) for end in (found.best.low, found.best.high))
    if high > low:
        fig.add_vrect(low, high, fillcolor=charts.GOOD, opacity=0.15, line_width=0)
    if found.best.value <= 1:
        _mark(fig, found, _("best: {share}").format(share=percent(found.best.value)))
    line = {"color": charts.MUTED, "width": 1, "dash": "dash"}
    fig.add_vline(usual, line=line)
    fig.update_xaxes(tickformat=".0%", range=[0, 1])
    fig.update_yaxes(tickformat=",.0f")
    return fig


def _mark(fig: go.Figure, found: Profit, text: str) -> None:
    fig.add_scatter(
        x=[found.best.value],
        y=[found.profit.value],
        mode="markers+text",
        text=[text],
        textposition="top right" if found.best.value < 0.7 else "top left",
        textfont={"color": charts.INK},
        marker={"color": charts.GOOD, "size": 11},
        showlegend=False,
        cliponaxis=False,
        hoverinfo="skip",
    )
