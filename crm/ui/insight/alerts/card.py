"""One alert: in words, with a small chart, and the way to the orders behind it."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.forecast.surprise import Unit
from crm.config import settings
from crm.i18n import N_, _
from crm.ui import charts, period_words
from crm.ui.format import country, number, percent, plain, rounded
from crm.ui.insight.forecast.chart import interval

SENTENCES = {
    "revenue": N_("Revenue, {period}"),
    "orders": N_("Orders, {period}"),
    "new_customers": N_("New customers, {period}"),
    "returned": N_("Share of sales that came back, {period}"),
    "category": N_("Revenue of {group}, {period}"),
    "country": N_("Revenue from {group}, {period}"),
}
NAMES = {
    "revenue": N_("Revenue"),
    "orders": N_("Orders"),
    "new_customers": N_("New customers"),
    "returned": N_("Share of sales that came back"),
}
RETURNS = ("return", "cancellation")
LEAST = {"returned": 0.0, "orders": 0.0, "new_customers": 0.0}


def show(alert: pd.Series, line: pd.DataFrame, unit: Unit, place: int) -> None:
    """The alert in a box; `line` as `line` makes it."""
    with st.container(border=True):
        text, chart = st.columns([2, 3], vertical_alignment="center")
        with text:
            icon = "trending_down" if alert["surprise"] < 0 else "trending_up"
            st.markdown(f":material/{icon}: **{plain(sentence(alert, unit))}**")
            st.caption(plain(_rare(alert)))
            if st.button(
                _("Orders behind it"),
                icon=":material/receipt_long:",
                key=f"alert_orders_{place}",
            ):
                kinds = RETURNS if alert["series"] == "returned" else ()
                period_words.open_orders(alert["period"], unit, kinds=kinds)
        with chart:
            charts.show(
                figure(line, alert),
                key=f"alert_chart_{place}",
                alt=sentence(alert, unit),
                y=axis(alert["series"]),
                height=190,
            )


def sentence(alert: pd.Series, unit: Unit) -> str:
    """Such as “Revenue of Coffee, week of Nov 2, 2026: 12,300, expected 18,900 …”."""
    kind, _colon, group = str(alert["series"]).partition(":")
    what = _(SENTENCES[kind]).format(
        group=_group(kind, group), period=period_words.name(alert["period"], unit)
    )
    low, high = max(alert["low"], LEAST.get(kind, -float("inf"))), alert["high"]
    told = _("{what}: {actual}, expected {expected} ({low} to {high})")
    return told.format(
        what=what,
        actual=amount(kind, alert["actual"]),
        expected=amount(kind, alert["expected"]),
        low=amount(kind, low),
        high=amount(kind, high),
    )


def name(series: str) -> str:
    """What a series is called."""
    kind, _colon, group = series.partition(":")
    return _(NAMES[kind]) if kind in NAMES else _group(kind, group)


def axis(series: str) -> str:
    """What a series is called, with its currency where it has one."""
    if series.partition(":")[0] in ("orders", "new_customers", "returned"):
        return name(series)
    words = _("{what}, {currency}")
    return words.format(what=name(series), currency=settings().currency)


def amount(kind: str, value: float) -> str:
    """A value of a series of that kind."""
    if kind == "returned":
        return percent(value, places=1)
    if kind in ("orders", "new_customers"):
        return number(value, places=0 if abs(value) >= 10 else 1)
    return rounded(value)


def line(alert: pd.Series, scores: pd.DataFrame, early: pd.DataFrame) -> pd.DataFrame:
    """All periods of the series of an alert; of the scored ones what was expected too.

    Args:
        scores: of the unit of the alert.
        early: of all units.
    """
    unit = alert["unit"]
    mine = early[(early["series"] == alert["series"]) & (early["unit"] == unit)]
    scored = scores[scores["series"] == alert["series"]]
    return pd.concat([mine, scored], ignore_index=True)


def figure(line: pd.DataFrame, alert: pd.Series) -> go.Figure:
    """What came, the band of what was expected, and the alert as a mark."""
    fig = go.Figure()
    scored = line.dropna(subset=["expected"])
    interval(
        fig,
        scored["period"],
        scored["low"],
        scored["high"],
        name=_("Expected"),
        opacity=0.4,
    )
    fig.add_scatter(
        x=line["period"],
        y=line["actual"],
        mode="lines",
        line={"color": charts.SERIES[0], "width": 1.5},
        hovertemplate="%{x|%Y-%m-%d}<br>%{y:,.3~f}<extra></extra>",
    )
    fig.add_scatter(
        x=[alert["period"]],
        y=[alert["actual"]],
        mode="markers",
        marker={"color": charts.BAD, "size": 11, "symbol": "diamond"},
        hoverinfo="skip",
    )
    if alert["series"] == "returned":
        fig.update_yaxes(tickformat=".0%")
    return fig.update_layout(showlegend=False, bargap=0)


def _group(kind: str, group: str) -> str:
    if not group:
        return _("Not known")
    return country(group) if kind == "country" else group


def _rare(alert: pd.Series) -> str:
    told = _("As far off as this or more in {share} of what came before.")
    share = alert["p_value"]
    return told.format(share=percent(share, places=2 if share < 0.01 else 1))
