"""The year ahead as a distribution, and what it depends on most."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.what_if import Baseline, Floats, Outcome
from crm.config import settings
from crm.i18n import N_, _
from crm.ui import address, charts
from crm.ui.format import percent, plain, rounded
from crm.ui.insight.what_if.assumptions import ASSUMPTIONS

BINS = 50
SHOWN = {"revenue": N_("Net sales"), "profit": N_("Gross profit less the budget")}


def show(start: Baseline, outcome: Outcome) -> None:
    """Figures, the distribution, and the tornado."""
    what = address.choice(_("Of the year ahead"), SHOWN, "what_if_shown")
    values = outcome.revenue if what == "revenue" else outcome.profit
    low, middle, high = outcome.percentiles(values)
    with st.grid(4, min_column_width=140):
        st.metric(
            _("P10"), rounded(low), border=True, help=_("9 of 10 draws are above")
        )
        st.metric(_("P50"), rounded(middle), border=True, help=_("Half are above"))
        st.metric(
            _("P90"), rounded(high), border=True, help=_("1 of 10 draws is above")
        )
        if what == "revenue":
            above = float((values > start.revenue).mean())
            st.metric(_("More than last year"), percent(above), border=True)
    left, right = st.columns(2, gap="large")
    with left:
        _distribution(start, values, what)
    with right:
        _tornado(outcome)


def _distribution(start: Baseline, values: Floats, what: str) -> None:
    st.subheader(_("How it may come out"))
    if np.ptp(values) < 0.01:
        st.caption(_("Every assumption is a single number: so is the outcome."))
        return
    counts, edges = np.histogram(values, BINS)
    fig = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts / len(values),
            marker_color=charts.SERIES[0],
            hovertemplate="%{x:,.0f}<br>%{y:.1%}<extra></extra>",
        )
    )
    fig.update_layout(bargap=0.02)
    fig.update_yaxes(tickformat=".0%")
    if what == "revenue" and edges[0] <= start.revenue <= edges[-1]:
        fig.add_vline(
            x=start.revenue,
            line_dash="dash",
            annotation_text=_("Last year"),
            annotation_position="top",
        )
    charts.show(
        fig,
        key="what_if_distribution",
        alt=_("Distribution of the outcome over 10,000 draws"),
        x=_title(what),
        y=_("Share of the draws"),
    )


def _tornado(outcome: Outcome) -> None:
    st.subheader(_("What the profit depends on most"))
    table = outcome.tornado
    if table.empty:
        st.caption(_("Give an assumption a range to see how much it matters."))
        return
    rows = table.iloc[::-1]
    names = [_(ASSUMPTIONS[name].label) for name in rows["assumption"]]
    fig = go.Figure(
        [
            go.Bar(
                y=names,
                x=rows[end] - outcome.middle,
                base=outcome.middle,
                customdata=rows[[end]],
                orientation="h",
                name=label,
                marker_color=colour,
                hovertemplate="%{y}<br>%{customdata[0]:,.0f}<extra></extra>",
            )
            for end, label, colour in (
                ("low", _("Low end"), charts.SERIES[1]),
                ("high", _("High end"), charts.SERIES[0]),
            )
        ]
    )
    fig.update_layout(barmode="overlay", legend={"orientation": "h", "y": 1.1})
    charts.show(
        fig,
        key="what_if_tornado",
        alt=_(
            "Gross profit with each assumption at its ends, the others in the middle"
        ),
        x=_title("profit"),
    )
    st.caption(plain(_("Each at its ends, all others in the middle.")))


def _title(what: str) -> str:
    label = SHOWN[what]
    words = _("{what}, {currency}")
    return words.format(what=_(label), currency=settings().currency)
