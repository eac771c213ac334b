"""MRR by month and what moved it; a click on a bar opens who is behind it."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.mrr import KINDS
from crm.config import settings
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, charts, insight
from crm.ui.format import bold, plain
from crm.ui.insight.recurring_revenue import behind

LABELS = {
    "new": N_("New customers"),
    "reactivated": N_("Reactivated"),
    "expansion": N_("Expansion"),
    "contraction": N_("Contraction"),
    "churned": N_("Churned"),
}
COLOURS = dict(
    zip(
        KINDS,
        (charts.SERIES[0], charts.SERIES[2], charts.GOOD, charts.SERIES[1], charts.BAD),
        strict=True,
    )
)
SPANS = {"24": N_("2 years"), "12": N_("1 year"), "60": N_("5 years")}


def show(shown: Analysis) -> None:
    """Both charts over the months chosen, and the customers of a bar."""
    span = address.choice(_("Time"), SPANS, "mrr_span", is_labelled=False)
    months = insight.table(shown, "months").tail(int(span))
    unit = settings().currency
    charts.show(
        _line(months),
        key="mrr_line",
        alt=_("Monthly recurring revenue by month"),
        y=_("MRR, {currency}").format(currency=unit),
        height=240,
    )
    st.markdown(bold(_("What moved it")))
    st.caption(_("Click a bar to see the customers and subscriptions behind it."))
    picked = charts.pick(
        _bars(months),
        key=f"mrr_movements_{shown.id}_{span}",
        alt=_("Movements of recurring revenue by month"),
        y=_("Change of MRR, {currency}").format(currency=unit),
        height=300,
    )
    if picked.ids:
        month, _space, kind = str(picked.ids[-1]).partition(" ")
        behind.show(shown, pd.Timestamp(month), kind, _(LABELS[kind]))


def _line(months: pd.DataFrame) -> go.Figure:
    fig = go.Figure()
    fig.add_scatter(
        x=months["month"],
        y=months["mrr"],
        mode="lines+markers",
        line={"color": charts.SERIES[0], "width": 2},
        marker={"size": 5},
        customdata=months[["customers"]],
        hovertemplate="%{x|%Y-%m}<br>%{y:,.0f}<br>"
        + plain(_("Customers"))
        + " %{customdata[0]:,}<extra></extra>",
    )
    fig.update_yaxes(rangemode="tozero")
    return fig


def _bars(months: pd.DataFrame) -> go.Figure:
    """Stacked away from zero; the kinds of a month without any leave no mark."""
    fig = go.Figure()
    for kind in KINDS:
        moved = months[months[kind] != 0]
        ids: list[Any] = [f"{month:%Y-%m-%d} {kind}" for month in moved["month"]]
        fig.add_bar(
            x=moved["month"],
            y=moved[kind],
            name=_(LABELS[kind]),
            marker={"color": COLOURS[kind]},
            customdata=ids,
            hovertemplate="%{x|%Y-%m}: %{y:+,.0f}",
        )
    fig.update_layout(barmode="relative")
    return fig
