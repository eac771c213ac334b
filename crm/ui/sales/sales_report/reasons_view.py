"""Why opportunities were won or lost, and to whom; a bar opens who is behind it."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.deals.deal_rates import reasons
from crm.i18n import N_, _
from crm.services.sales.opportunity_fields import LOST_REASONS, WON_REASONS
from crm.ui import charts
from crm.ui.format import percent
from crm.ui.sales.sales_report import behind
from crm.ui.sales.sales_report.controls import Chosen

PARTS: tuple[
    tuple[str, str, str, dict[str, str]], ...
] = (  # state, field, title, words of the values
    ("lost", "lost_reason", N_("Why it was lost"), LOST_REASONS),
    ("won", "won_reason", N_("Why it was won"), WON_REASONS),
    ("lost", "competitor", N_("Lost to"), {}),
)
MOST = 8
ROW = 30


def show(chosen: Chosen) -> None:
    """Three lists of bars beside each other."""
    st.subheader(_("Reasons"))
    picked: list[tuple[pd.DataFrame, str]] = []
    for column, (state, field, title, labels) in zip(
        st.columns(len(PARTS)), PARTS, strict=True
    ):
        with column:
            mine = chosen.closed[chosen.closed["state"] == state]
            if field == "competitor":
                mine = mine[mine["competitor"] != ""]
            if found := _bars(mine, field, _(title), labels, chosen):
                picked.append(found)
    for rows, title in picked[-1:]:
        behind.show(rows, title, key="reasons")


def _bars(
    mine: pd.DataFrame, field: str, title: str, labels: dict[str, str], chosen: Chosen
) -> tuple[pd.DataFrame, str] | None:
    """The bars of one field; the opportunities of the one that was clicked."""
    st.markdown(f"**{title}**")
    if mine.empty:
        st.caption(_("None in this time."))
        return None
    drawn = reasons(mine, field).head(MOST).iloc[::-1]

    def named(value: str) -> str:
        return _(labels[value]) if value in labels else value or _("Not given")

    fig = go.Figure()
    fig.add_bar(
        x=drawn["opportunities"],
        y=[named(value) for value in drawn["reason"]],
        orientation="h",
        marker={"color": charts.SERIES[0]},
        customdata=drawn["reason"],
        text=[percent(share) for share in drawn["share"]],
        textposition="auto",
        hovertemplate="%{y}: %{x:,} (%{text})<extra></extra>",
    )
    fig.update_yaxes(type="category")
    picked = charts.pick(
        fig,
        key=f"report_{field}_{chosen.key}",
        alt=title,
        x=_("Opportunities"),
        height=90 + ROW * len(drawn),
    )
    if not picked.ids:
        return None
    value = str(picked.ids[-1])
    return mine[mine[field] == value], f"{title}: {named(value)}"
