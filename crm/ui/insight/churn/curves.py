"""The curves that show how good probabilities were on later customers."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts
from crm.ui.insight.churn import words
from crm.ui.insight.model_evidence import reliability as calibrated
from crm.ui.insight.model_evidence.reliability import in_shares

LOOKS: dict[str, dict[str, Any]] = {  # of lines, by model
    "logistic": {"color": charts.SERIES[0], "width": 2},
    "boosting": {"color": charts.SERIES[2], "width": 2},
    "forest": {"color": charts.SERIES[1], "width": 2},
    "svm_linear": {"color": charts.SERIES[3], "width": 2},
    "svm_rbf": {"color": charts.SERIES[4], "width": 2},
    "bg_nbd": {"color": charts.SERIES[5], "width": 2},
    "recency": {"color": charts.MUTED, "width": 2, "dash": "dash"},
    "base_rate": {"color": charts.MUTED, "width": 1, "dash": "dot"},
}


def reliability(table: pd.DataFrame, model: str) -> go.Figure:
    """Predicted against actual shares of one model, with their intervals.

    Args:
        table: as in `calibration.RELIABILITY`, with `model`.
    """
    hover = _(
        "predicted %{x:.0%}, actual %{y:.0%} (%{customdata[2]:.0%} to "
        "%{customdata[3]:.0%})<br>%{customdata[1]:,} customers"
    )
    return calibrated.figure(
        table[table["model"] == model],
        _(words.SHORT[model]),
        hover,
        color=LOOKS[model]["color"],
    )


def gains(table: pd.DataFrame, model: str) -> go.Figure:
    """What share of those who left is among the first so many customers.

    Args:
        table: as in `ranking.GAINS`, with `model`.
        model: drawn at once, with the simpler answers; the others on a click.
    """
    fig = go.Figure()
    for name, mine in _by_model(table):
        x, y = [0, *mine["share"]], [0, *mine["captured"]]
        _line(fig, x, y, _(words.SHORT[name]), LOOKS[name], at_once(name, model))
    return in_shares(fig)


def lift(table: pd.DataFrame, model: str) -> go.Figure:
    """How many times more of those who left are among the first than among all."""
    fig = go.Figure()
    for name, mine in _by_model(table):
        x, y = mine["share"], mine["lift"]
        _line(fig, x, y, _(words.SHORT[name]), LOOKS[name], at_once(name, model))
    fig.update_traces(hovertemplate="%{x:.0%}: %{y:.2f}×")
    fig.update_xaxes(tickformat=".0%", range=[0, 1])
    fig.update_yaxes(rangemode="tozero", ticksuffix="×")
    return fig


def roc(table: pd.DataFrame, model: str) -> go.Figure:
    """Those who left and those who stayed, by where the line is drawn.

    Args:
        table: as in `ranking.ROC`, with `model`.
    """
    fig = go.Figure()
    for name, mine in _by_model(table):
        x, y = mine["false_positive_rate"], mine["true_positive_rate"]
        _line(fig, x, y, _(words.SHORT[name]), LOOKS[name], at_once(name, model))
    return in_shares(fig)


def at_once(name: str, model: str) -> bool | str:
    """Whether a line is drawn when the page opens, in the words of Plotly."""
    return name in {model, "recency", "base_rate"} or "legendonly"


def _by_model(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    known = set(table["model"])
    return [(name, table[table["model"] == name]) for name in LOOKS if name in known]


def _line(
    fig: go.Figure,
    x: Any,
    y: Any,
    name: str,
    look: dict[str, Any],
    visible: bool | str = True,
) -> None:
    fig.add_scatter(
        visible=visible,
        x=list(x),
        y=list(y),
        mode="lines",
        name=name,
        line=look,
        hovertemplate="%{x:.0%}: %{y:.0%}",
    )
