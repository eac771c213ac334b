"""How far to trust the scores: from leads that ended later."""

from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import bold, day, number, plain
from crm.ui.sales.lead_score import words


def show(shown: Analysis) -> None:
    """Whether the chances come true, and how simpler answers fare."""
    counts = shown.summary["counts"]
    told = _(SPLIT).format(
        day=day(date.fromisoformat(shown.summary["split_on"])),
        learned=number(counts["learned"][0]),
        judged=number(counts["judged"][0]),
    )
    st.markdown(plain(told))
    first, second = st.columns(2, gap="medium")
    with first:
        st.markdown(bold(_("Do the chances come true?")))
        st.caption(_("Each point is a tenth of the leads, its bar the 95% interval."))
        charts.show(
            reliability(insight.table(shown, "reliability")),
            key="leads_reliability",
            alt=_("Predicted chances against actual shares"),
            x=_("Predicted chance"),
            y=_("Share that was converted"),
            height=300,
        )
    with second:
        _comparison(shown.summary["judged"])


def reliability(table: pd.DataFrame) -> go.Figure:
    """Predicted against actual shares, with their intervals.

    Args:
        table: as in `calibration.RELIABILITY`.
    """
    fig = go.Figure()
    most = min(1.0, float(table[["predicted", "high"]].max().max()) + 0.05)
    fig.add_scatter(
        x=[0, most],
        y=[0, most],
        mode="lines",
        name=_("As predicted"),
        line={"color": charts.MUTED, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    fig.add_scatter(
        x=table["predicted"],
        y=table["actual"],
        mode="markers",
        name=_("A tenth of the leads"),
        marker={"color": charts.SERIES[0], "size": 10},
        error_y={
            "array": table["high"] - table["actual"],
            "arrayminus": table["actual"] - table["low"],
            "color": charts.SERIES[0],
            "thickness": 1.5,
            "width": 3,
        },
        customdata=table[["customers", "low", "high"]],
        hovertemplate=_(
            "predicted %{x:.0%}, converted %{y:.0%} (%{customdata[1]:.0%} to "
            "%{customdata[2]:.0%})<br>%{customdata[0]:,} leads"
        )
        + "<extra></extra>",
    )
    fig.update_xaxes(tickformat=".0%", range=[0, most])
    fig.update_yaxes(tickformat=".0%", range=[0, most])
    return fig


def _comparison(judged: dict[str, Any]) -> None:
    st.markdown(bold(_("Beside simpler answers")))
    st.caption(_("The more AUC and the less log loss, the better."))
    rows = [
        {
            "model": _(label),
            "auc": _interval(judged[name]["auc"]),
            "log_loss": judged[name]["log_loss"],
            "predicted": round(judged[name]["predicted"], 2),
        }
        for name, label in words.MODELS.items()
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        key="leads_comparison",
        hide_index=True,
        column_config={
            "model": kinds.TextColumn(_("Model")),
            "auc": kinds.TextColumn(_("AUC (95% interval)"), help=_(AUC)),
            "log_loss": kinds.NumberColumn(_("Log loss"), help=_(LOSS), format="%.4f"),
            "predicted": kinds.NumberColumn(_("Predicted"), format="percent"),
        },
    )


def _interval(one: dict[str, float]) -> str:
    return f"{one['value']:.3f} ({one['low']:.3f} … {one['high']:.3f})"


SPLIT = N_(
    "The model learned from {learned} leads that ended before {day}, and is judged on "
    "{judged} that ended since."
)
AUC = N_("Chance that a converted lead was ranked above a disqualified one.")
LOSS = N_("Mean surprise at what came; smaller is better.")
