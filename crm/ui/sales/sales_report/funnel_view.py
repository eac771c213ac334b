"""The funnel: how far the opportunities came that were opened in the time."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.deals.funnel import funnel
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import percent, plain
from crm.ui.sales.sales_report import behind
from crm.ui.sales.sales_report.controls import Chosen

ROW = 44  # pixels a bar


def show(chosen: Chosen) -> None:
    """A bar for each stage and for what was won, with the step from one to the next."""
    st.subheader(_("Funnel"))
    st.caption(
        _(
            "How many of the opportunities that were opened in this time came how far; "
            "the grey part still waits there."
        )
    )
    try:
        table = funnel(chosen.opened, chosen.opened["furthest"], chosen.stages)
    except NotEnoughData as error:
        st.caption(plain(error))
        return
    picked = charts.pick(
        _figure(table),
        key=f"report_funnel_{chosen.key}",
        alt=_("Opportunities by how far they came"),
        x=_("Opportunities that reached the stage"),
        height=90 + ROW * len(table),
    )
    _steps(table)
    if picked.ids:
        place = int(picked.ids[-1])
        mine = chosen.opened[chosen.opened["furthest"] >= place]
        title = _("Reached “{stage}”").format(stage=_name(table.iloc[place]))
        behind.show(mine, title, key="funnel")


def _name(row: pd.Series) -> str:
    return str(row["stage"]) or _("Won")


def _figure(table: pd.DataFrame) -> go.Figure:
    drawn = table.iloc[::-1]
    labels = [_name(row) for _at, row in drawn.iterrows()]
    went_on = drawn["reached"] - drawn["waiting"]
    fig = go.Figure()
    for name, values, colour in (
        (_("Went on or ended"), went_on, charts.SERIES[0]),
        (_("Still waits there"), drawn["waiting"], charts.MUTED),
    ):
        fig.add_bar(
            x=values,
            y=labels,
            name=name,
            orientation="h",
            marker={"color": colour},
            customdata=[int(place) for place in drawn.index],
            hovertemplate="%{y}: %{x:,}",
        )
    fig.update_layout(barmode="stack")
    fig.update_yaxes(type="category")
    return fig


def _steps(table: pd.DataFrame) -> None:
    """From stage to stage: who went on, with its interval."""
    rows = [
        {
            "stage": _name(row),
            "reached": int(row["reached"]),
            "share": _interval(row["share"], row["low"], row["high"]),
            "passed": _interval(row["passed"], row["passed_low"], row["passed_high"]),
            "waiting": int(row["waiting"]),
        }
        for _at, row in table.iterrows()
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "stage": kinds.TextColumn(_("Stage"), pinned=True),
            "reached": kinds.NumberColumn(_("Reached"), format="localized"),
            "share": kinds.TextColumn(_("Of all opened")),
            "passed": kinds.TextColumn(_("Of the stage before")),
            "waiting": kinds.NumberColumn(_("Still there"), format="localized"),
        },
    )


def _interval(share: float, low: float, high: float) -> str:
    if pd.isna(share):
        return "–"
    return f"{percent(share)} ({percent(low)} – {percent(high)})"
