"""Who left, by what is entered about the customers."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.churn.churn_features import GROUPS
from crm.analytics.churn.churn_judging import by_word
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, charts, insight
from crm.ui.format import bold, percent, plain
from crm.ui.insight.churn import words

ROW = 30  # pixels
FIRST = 12  # words shown, those of most customers
FEW = 10  # customers: below, a share says nothing


def show(shown: Analysis) -> None:
    """The share of each word of a group; nothing where all have the same."""
    judged = insight.table(shown, "judged")
    offered = {
        name: label
        for name, label in GROUPS.items()
        if name in judged and len(set(judged[name])) > 1
    }
    if not offered:
        return
    st.markdown(bold(_("Who left, by what is entered")))
    group = address.choice(_("By"), offered, "churn_by", is_labelled=False)
    table = by_word(judged, group)
    rows = table[table["customers"] >= FEW].head(FIRST).sort_values("left")
    everybody = float(judged["churned"].mean())
    charts.show(
        _figure(rows, group, everybody),
        key="churn_by_word",
        alt=_("Share of customers who did not order, by what is entered"),
        x=_("Share that did not order, 95% interval"),
        height=90 + ROW * len(rows),
    )
    st.caption(plain(_(BY_ITSELF).format(share=percent(everybody))))


def _figure(rows: pd.DataFrame, group: str, everybody: float) -> go.Figure:
    fig = go.Figure()
    fig.add_scatter(
        x=rows["left"],
        y=[words.entered(group, word) for word in rows["word"]],
        mode="markers",
        showlegend=False,
        marker={"color": charts.SERIES[0], "size": 9},
        error_x=charts.interval_bars(rows, "left", charts.SERIES[0]),
        customdata=rows["customers"],
        hovertemplate=_("%{y}: %{x:.0%} of %{customdata:,}") + "<extra></extra>",
    )
    fig.add_vline(everybody, line={"color": charts.MUTED, "width": 1, "dash": "dash"})
    fig.update_xaxes(tickformat=".0%", rangemode="tozero")
    fig.update_yaxes(automargin=True, type="category")
    return fig


BY_ITSELF = N_(
    "Of the customers judged on, whose outcome is known; dashed: {share} of all. Each "
    "word is looked at by itself here, while the models already know how its customers "
    "order, so that less is left for the word to say."
)
