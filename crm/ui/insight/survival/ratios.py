"""What goes with a sooner end: hazard ratios with intervals, and how good they are."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.models.words import told
from crm.ui import charts, insight
from crm.ui.chart_text import harmless
from crm.ui.format import bold, number, plain
from crm.ui.insight.survival.names import Names

CHANCE = 0.05
ROW, AROUND = 30, 90  # pixels
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
SHORT = 26  # characters of a label


def show(shown: Analysis, names: Names) -> None:
    """The ratios as a chart and a sentence; or why there are none."""
    st.markdown(bold(_("What goes with a sooner end")))
    found = shown.summary["cox"]
    if why := found.get("why_not"):
        st.info(plain(told(why)), icon=":material/info:")
        return
    table = insight.table(shown, "ratios").sort_values("hazard_ratio")
    st.markdown(plain(_strongest(table, names)))
    charts.show(
        _figure(table, names),
        key=f"survival_ratios_{shown.id}",
        alt=_("Hazard ratios with intervals, by value of a field"),
        x=_("Hazard ratio"),
        height=AROUND + ROW * len(table),
    )
    _quality(shown, table, names)


def _strongest(table: pd.DataFrame, names: Names) -> str:
    """The value furthest from 1 that chance does not explain, all tests together."""
    real = table[table["p_value"] * len(table) < CHANCE]
    if real.empty:
        return _("Chance alone can explain all differences between the values below.")
    log = real["hazard_ratio"].where(real["hazard_ratio"] > 1, 1 / real["hazard_ratio"])
    row = real.loc[log.idxmax()]
    field = row["field"]
    told = _(
        "{field} “{level}”: subscriptions end {ratio} times as fast as with “{against}”"
        " (95% interval {low} to {high}), all else alike."
    )
    return told.format(
        field=names.field(field),
        level=names.level(field, row["level"]),
        against=names.level(field, row["against"]),
        ratio=number(row["hazard_ratio"], places=2),
        low=number(row["low"], places=2),
        high=number(row["high"], places=2),
    )


def _figure(table: pd.DataFrame, names: Names) -> go.Figure:
    fig = go.Figure()
    labels = [names.both(row.field, row.level) for row in table.itertuples()]
    against = [names.level(row.field, row.against) for row in table.itertuples()]
    fig.add_scatter(
        x=table["hazard_ratio"],
        y=list(range(len(table))),
        mode="markers",
        marker={"color": charts.SERIES[0], "size": 10},
        error_x=charts.interval_bars(table, "hazard_ratio", charts.SERIES[0]),
        text=labels,
        customdata=table.assign(against=against)[
            ["low", "high", "against", "subscriptions", "ended"]
        ],
        hovertemplate=_(
            "%{text}<br>%{x:.2f} (%{customdata[0]:.2f} to %{customdata[1]:.2f}) "
            "against %{customdata[2]}<br>%{customdata[3]:,} subscriptions, "
            "%{customdata[4]:,} ended"
        )
        + "<extra></extra>",
    )
    fig.add_vline(x=1, line={"color": charts.MUTED, "dash": "dash", "width": 1})
    fig.update_xaxes(type="log", tickvals=TICKS, ticktext=[f"{n:g}" for n in TICKS])
    fig.update_yaxes(
        tickvals=list(range(len(table))),
        ticktext=_shortened(labels),
    )
    return fig


def _shortened(labels: list[str]) -> list[str]:
    """Harmless as data is: of a layout, `charts` leaves bold and line breaks."""
    short = [label[:SHORT] + "…" * (len(label) > SHORT) for label in labels]
    made: list[str] = harmless({"data": short})["data"]
    return made


def _quality(shown: Analysis, table: pd.DataFrame, names: Names) -> None:
    judged = shown.summary["cox"]["judged"]
    if judged is None:
        st.caption(_("Too few have ended to judge how well this ranks others."))
    else:
        told = _(
            "Judged on {n} other subscriptions: of 100 pairs, {value} were ranked "
            "rightly by which ends first (95% interval {low} to {high}); chance is 50."
        )
        figures = {
            name: number(100 * judged[name]) for name in ("value", "low", "high")
        }
        st.caption(plain(told.format(n=number(judged["subscriptions"]), **figures)))
    changing = table[table["p_constant"] * len(table) < CHANCE]
    for row in changing.itertuples():
        told = _("The ratio of {field} “{level}” is not the same at all ages.")
        field, level = names.field(row.field), names.level(row.field, row.level)
        st.caption(plain(told.format(field=field, level=level)))
