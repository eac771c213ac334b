"""How far to trust the scores: from leads that ended later."""

from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import day, number, plain
from crm.ui.insight.model_evidence import comparison_table, reliability
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
        charts.titled(
            _("Do the chances come true?"),
            _("Each point is a tenth of the leads, its bar the 95% interval."),
        )
        charts.show(
            _reliability(insight.table(shown, "reliability")),
            key="leads_reliability",
            alt=_("Predicted chances against actual shares"),
            x=_("Predicted chance"),
            y=_("Share that was converted"),
            height=300,
        )
    with second:
        _comparison(shown.summary["judged"])


def _reliability(table: pd.DataFrame) -> go.Figure:
    """Both axes reach as far as there are points."""
    hover = _(
        "predicted %{x:.0%}, converted %{y:.0%} (%{customdata[2]:.0%} to "
        "%{customdata[3]:.0%})<br>%{customdata[1]:,} leads"
    )
    most = min(1.0, float(table[["predicted", "high"]].max().max()) + 0.05)
    return reliability.figure(table, _("A tenth of the leads"), hover, most=most)


def _comparison(judged: dict[str, Any]) -> None:
    charts.titled(
        _("Beside simpler answers"),
        _("The more AUC and the less log loss, the better."),
    )
    comparison_table.show(
        [
            {"model": _(label), **comparison_table.figures(judged[name])}
            for name, label in words.MODELS.items()
        ],
        ("model", "auc", "log_loss", "predicted"),
        key="leads_comparison",
        helps={"auc": AUC},
    )


SPLIT = N_(
    "The model learned from {learned} leads that ended before {day}, and is judged on "
    "{judged} that ended since."
)
AUC = N_("Chance that a converted lead was ranked above a disqualified one.")
