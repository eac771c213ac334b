"""Win rates by source, owner, product, sector; a bar opens what is behind it."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.deals.deal_rates import overall, win_rates
from crm.i18n import N_, _
from crm.services.fields import CUSTOMER_KINDS
from crm.ui import address, charts
from crm.ui.format import country, percent, plain
from crm.ui.sales.sales_report import behind
from crm.ui.sales.sales_report.controls import Chosen

FIELDS = {
    "source": N_("Source"),
    "owner": N_("Owner"),
    "product": N_("Product"),
    "sector": N_("Sector"),
    "country": N_("Country"),
    "customer_kind": N_("Kind of customer"),
}
MOST = 15  # bars
ROW = 30  # pixels a bar


def show(chosen: Chosen) -> None:
    """Bars with intervals, and the rate of all as a line to compare with."""
    st.subheader(_("Win rate"))
    field = address.choice(_("By"), FIELDS, "report_by", is_labelled=False)
    table = win_rates(chosen.closed, field)
    if table.empty:
        st.caption(_("Nothing was won or lost in this time."))
        return
    if len(table) > MOST:
        words = _("The {n} with the most decisions of {all} are shown.")
        st.caption(plain(words.format(n=MOST, all=len(table))))
    drawn = table.head(MOST).iloc[::-1]
    picked = charts.pick(
        _figure(drawn, field, float(overall(chosen.closed)["share"])),
        key=f"report_rates_{chosen.key}_{field}",
        alt=_("Win rates with their intervals"),
        x=_("Won, share of what was decided"),
        height=90 + ROW * len(drawn),
    )
    if picked.ids:
        value = str(picked.ids[-1])
        mine = chosen.closed[chosen.closed[field].astype(str) == value]
        behind.show(mine, f"{_(FIELDS[field])}: {named(field, value)}", key="rates")


def named(field: str, value: str) -> str:
    """A value of a field as people call it."""
    if field == "country" and value:
        return country(value)
    if field == "customer_kind":
        return _(CUSTOMER_KINDS[value])
    return value or _("Not given")


def _figure(drawn: pd.DataFrame, field: str, usual: float) -> go.Figure:
    labels = [named(field, value) for value in drawn["level"]]
    told = [
        f"{percent(row.share)} ({percent(row.low)} – {percent(row.high)}) · "
        f"{row.won} / {row.decided}"
        for row in drawn.itertuples()
    ]
    fig = go.Figure()
    fig.add_bar(
        x=drawn["share"],
        y=labels,
        orientation="h",
        marker={"color": charts.SERIES[0]},
        customdata=drawn["level"],
        text=told,
        textposition="none",
        hovertemplate="%{y}: %{text}<extra></extra>",
        error_x=charts.interval_bars(drawn, "share", charts.INK),
    )
    fig.add_vline(x=usual, line={"color": charts.MUTED, "dash": "dot", "width": 1.5})
    fig.update_xaxes(tickformat=".0%", rangemode="tozero")
    fig.update_yaxes(type="category")
    return fig
