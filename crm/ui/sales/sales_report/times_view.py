"""Time: how long opportunities stay in each stage, and from opening to end."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.deals.stage_times import cycle_time
from crm.analytics.survival.survival import Curve, curve
from crm.errors import NotEnoughData
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import number, plain
from crm.ui.sales.sales_report import behind
from crm.ui.sales.sales_report.controls import Chosen

STATES = {"won": N_("Won"), "lost": N_("Lost")}
BINS = 24
DRAWN = 0.02  # curves end where so few are left


def show(shown: Analysis, chosen: Chosen) -> None:
    """Curves of staying, then the times of what has ended."""
    st.subheader(_("Time in stage"))
    _stays(shown, chosen)
    st.subheader(_("From opening to end"))
    _cycle(chosen)


def _stays(shown: Analysis, chosen: Chosen) -> None:
    """Kaplan-Meier: what is still there counts for as long as it has been."""
    stays = insight.table(shown, "passages")
    stays = stays[stays["opportunity_id"].isin(chosen.opened["opportunity_id"])]
    fig, rows = go.Figure(), []
    there = chosen.stages[chosen.stages["kind"] == "open"].sort_values("position")
    for number_of, one in enumerate(there.itertuples()):
        mine = stays[stays["stage_id"] == one.stage_id]
        try:
            found = curve(mine["days"].clip(lower=0).round(), mine["left"])
        except NotEnoughData:
            continue
        table = found.table[found.table["survival"] >= DRAWN]
        fig.add_scatter(
            x=[0, *table["days"]],
            y=[1, *table["survival"]],
            name=str(one.stage),
            mode="lines",
            line={
                "shape": "hv",
                "width": 2.5,
                "color": charts.SERIES[number_of % len(charts.SERIES)],
            },
            hovertemplate="%{x:,} · %{y:.0%}",
        )
        rows.append(_row(str(one.stage), found))
    if not rows:
        st.caption(_("Too few moves are recorded for a curve."))
        return
    fig.update_yaxes(tickformat=".0%", range=[0, 1.02])
    fig.update_xaxes(rangemode="tozero")
    charts.show(
        fig,
        key=f"report_stays_{chosen.key}",
        alt=_("Share of opportunities still in the stage, by days"),
        x=_("Days in the stage"),
        y=_("Share still in the stage"),
        height=340,
    )
    _table(rows)


def _row(stage: str, found: Curve) -> dict[str, object]:
    return {"stage": stage, "stays": found.subscriptions, "median": found.median}


def _table(rows: list[dict[str, object]]) -> None:
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "stage": kinds.TextColumn(_("Stage"), pinned=True),
            "stays": kinds.NumberColumn(_("Stays"), format="localized"),
            "median": kinds.NumberColumn(
                _("Half have left after, days"), format="localized"
            ),
        },
    )


def _cycle(chosen: Chosen) -> None:
    """Bars of days for what was won and what was lost; a bar opens who is in it."""
    ended = chosen.closed.dropna(subset="days")
    told = []
    for state, label in STATES.items():
        try:
            took = cycle_time(ended.loc[ended["state"] == state, "days"])
        except NotEnoughData:
            continue
        words = _("{state}: half within {median} days ({low} to {high})")
        told.append(
            words.format(
                state=_(label),
                median=number(took.median),
                low=number(took.low),
                high=number(took.high),
            )
        )
    if not told:
        st.caption(_("Too few opportunities have ended."))
        return
    st.caption(plain(" · ".join(told)))
    width = max(1, int(-(-ended["days"].quantile(0.98) // BINS)))
    bins = (ended["days"] // width).clip(upper=BINS).astype("int64")
    fig = go.Figure()
    for (state, label), colour in zip(
        STATES.items(), (charts.GOOD, charts.BAD), strict=True
    ):
        counts = bins[ended["state"] == state].value_counts().sort_index()
        fig.add_bar(
            x=(counts.index + 0.5) * width,
            y=counts,
            name=_(label),
            marker={"color": colour},
            customdata=[f"{state} {place}" for place in counts.index],
            hovertemplate="%{y:,}",
        )
    fig.update_layout(barmode="stack", bargap=0.05)
    picked = charts.pick(
        fig,
        key=f"report_cycle_{chosen.key}",
        alt=_("Opportunities by the days from opening to end"),
        x=_("Days from opening to end"),
        y=_("Opportunities"),
        height=300,
    )
    if picked.ids:
        state, _space, place = str(picked.ids[-1]).partition(" ")
        mine = ended[(ended["state"] == state) & (bins == int(place))]
        span = f"{number(int(place) * width)} – {number((int(place) + 1) * width)}"
        title = _("{state}, {span} days").format(state=_(STATES[state]), span=span)
        behind.show(mine, title, key="cycle")
