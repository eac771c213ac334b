"""The curves that show how good probabilities were on later opportunities."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts
from crm.ui.insight.model_evidence import reliability as calibrated
from crm.ui.sales.win_chance import words

LOOKS: dict[str, dict[str, Any]] = {  # of lines, by model
    "logistic": {"color": charts.SERIES[0], "width": 2},
    "boosting": {"color": charts.SERIES[2], "width": 2},
    "stage": {"color": charts.MUTED, "width": 2, "dash": "dash"},
    "base_rate": {"color": charts.MUTED, "width": 1, "dash": "dot"},
}


def reliability(table: pd.DataFrame) -> go.Figure:
    """Predicted against actual shares, with their intervals; marks are groups from 0.

    Args:
        table: as in `calibration.RELIABILITY`, of one model.
    """
    hover = _(
        "predicted %{x:.0%}, won %{y:.0%} (%{customdata[2]:.0%} to "
        "%{customdata[3]:.0%})<br>%{customdata[1]:,} moments"
    )
    return calibrated.figure(table, _("A tenth of the moments"), hover)


def lift(table: pd.DataFrame, best: str) -> go.Figure:
    """How many times more is won among the first than among all.

    Marks are “model:percent”.

    Args:
        table: as in `ranking.GAINS`, with `model`.
        best: drawn at once, with the simpler answers; the others on a click.
    """
    fig = go.Figure()
    for name in [name for name in LOOKS if name in set(table["model"])]:
        mine = table[table["model"] == name].iloc[4::5]
        percents = (100 * mine["share"]).round().astype(int)
        is_simple = name in ("stage", "base_rate")
        fig.add_scatter(
            x=mine["share"],
            y=mine["lift"],
            mode="lines+markers" if name == best else "lines",
            marker={"size": 7},
            name=_(words.MODELS[name]),
            line=LOOKS[name],
            visible=True if is_simple or name == best else "legendonly",
            customdata=[[f"{name}:{one}"] for one in percents],
            hovertemplate="%{x:.0%}: %{y:.2f}×",
        )
    fig.update_xaxes(tickformat=".0%", range=[0, 1.02])
    fig.update_yaxes(rangemode="tozero", ticksuffix="×")
    return fig
