"""The stored results of churn beside each other."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.ui import charts
from crm.ui.format import bold, day, moment, plain
from crm.ui.insight.churn import words


def show(shown: Analysis, found: list[Analysis]) -> None:
    """A chart of how good the rankings were, and a row for each result."""
    by_model = [one for one in found if one.summary.get("method") == "model"]
    st.markdown(bold(_("Results compared")))
    if len(by_model) < 2:
        st.caption(
            plain(_("There is only this one yet; compute again on another day."))
        )
        return
    rows = pd.DataFrame([_row(one, shown) for one in by_model])
    charts.show(
        _chart(rows[::-1]),
        key="churn_runs",
        alt=_("AUC of each stored result, with its 95% interval"),
        x=_("Result, the oldest first"),
        y=_("AUC, 95% interval"),
        height=260,
    )
    kinds = st.column_config
    st.dataframe(
        rows[["run", "as_of", "horizon", "model", "auc", "brier", "base", "expected"]],
        key="churn_runs_table",
        hide_index=True,
        column_config={
            "run": kinds.TextColumn(_("Result"), pinned=True),
            "as_of": kinds.TextColumn(_("As of")),
            "horizon": kinds.NumberColumn(_("Horizon, days")),
            "model": kinds.TextColumn(_("Best model")),
            "auc": kinds.NumberColumn(_("AUC"), format="%.3f"),
            "brier": kinds.NumberColumn(_("Brier score"), format="%.4f"),
            "base": kinds.NumberColumn(_("Base rate"), format="percent"),
            "expected": kinds.NumberColumn(_("Expected"), format="percent"),
        },
    )
    st.caption(
        plain(
            _(
                "Results of one horizon and one group of customers can be compared; a "
                "longer horizon has fewer who leave. Choose one under “How this was "
                "made”, below."
            )
        )
    )


def _row(one: Analysis, shown: Analysis) -> dict[str, Any]:
    best = one.summary["best"]
    figures = one.summary["models"][best]
    customers, left = one.summary["judged_from"]
    segment = one.summary.get("segment")
    here = " ●" if one.id == shown.id else ""
    return {
        "run": f"#{one.id}{here}" + (f" · {segment}" if segment else ""),
        "computed": moment(one.created_at),
        "as_of": day(one.as_of),
        "horizon": one.summary["horizon"],
        "model": _(words.MODELS[best]),
        "auc": figures["auc"]["value"],
        "low": figures["auc"]["low"],
        "high": figures["auc"]["high"],
        "brier": figures["brier"],
        "base": left / customers,
        "expected": one.summary.get("expected"),
    }


def _chart(rows: pd.DataFrame) -> go.Figure:
    fig = go.Figure()
    fig.add_scatter(
        x=rows["run"],
        y=rows["auc"],
        mode="markers",
        showlegend=False,
        marker={"color": charts.SERIES[0], "size": 9},
        error_y=charts.interval_bars(rows, "auc", charts.SERIES[0]),
        customdata=rows[["as_of", "horizon", "model"]],
        hovertemplate=_(
            "as of %{customdata[0]}, %{customdata[1]} days, %{customdata[2]}: %{y:.3f}"
        )
        + "<extra></extra>",
    )
    fig.add_hline(0.5, line={"color": charts.MUTED, "width": 1, "dash": "dot"})
    fig.update_xaxes(type="category")
    return fig
