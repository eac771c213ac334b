"""The same as curves: a line for each row, the average bold."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.cohorts.cohorts import ALL, FEW
from crm.i18n import _, ngettext
from crm.ui import charts
from crm.ui.format import plain
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import View

LINES = 6  # at most, beside the average


def show(view: View, periods: int) -> None:
    """The curves over so many periods, of figures with enough customers behind them."""
    if view.trusted().empty:
        return
    st.subheader(_("What becomes of them"))
    rows = _rows(view)
    if view.question.grouping == ALL:
        told = ngettext(
            "The newest cohort with enough customers, and all together.",
            "The {n} newest cohorts with enough customers, and all together.",
            len(rows),
        )
    else:
        told = ngettext(
            "The largest group, and all together.",
            "The {n} largest groups, and all together.",
            len(rows),
        )
    st.caption(plain(told.format(n=len(rows))))
    charts.show(
        figure(view, rows, periods),
        key="cohorts_curves",
        alt=_("Curves of cohorts over the periods since the first order"),
        x=words.since(view.question),
        y=_(words.SHORT[view.question.measure]),
    )


def figure(view: View, rows: list[int], periods: int) -> go.Figure:
    """Lines of `rows`, and the average with its intervals."""
    fig = go.Figure()
    for row, colour in zip(rows, charts.SERIES, strict=False):
        cells = _enough(view.found.row(row))
        cells = cells[cells["period"] <= periods]
        _line(fig, cells, view.name(row), colour)
    average = view.trusted()
    average = average[average["period"] <= periods]
    _line(fig, average, _("All"), charts.INK, bold=True)
    fig.update_xaxes(dtick=words.step(periods), range=[0.5, periods + 0.5])
    fig.update_yaxes(tickformat=",.0f", rangemode="tozero")
    return fig


def _rows(view: View) -> list[int]:
    """Those with something to draw: the newest cohorts, or the largest groups."""
    drawn = [row for row in view.rows if len(_enough(view.found.row(row))) > 1]
    return drawn[-LINES:] if view.question.grouping == ALL else drawn[:LINES]


def _enough(cells: pd.DataFrame) -> pd.DataFrame:
    kept = (cells["observed"] >= FEW) & (cells["period"] > 0) & cells["value"].notna()
    return cells[kept]


def _line(
    fig: go.Figure,
    cells: pd.DataFrame,
    name: str,
    colour: str,
    *,
    bold: bool = False,
) -> None:
    figures = 100 * cells[["value", "low", "high"]]
    bars = {
        "array": figures["high"] - figures["value"],
        "arrayminus": figures["value"] - figures["low"],
        "color": colour,
        "thickness": 1,
        "width": 2,
    }
    fig.add_scatter(
        x=cells["period"],
        y=figures["value"],
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 4 if bold else 1.5},
        marker={"size": 6 if bold else 5},
        error_y=bars if bold else None,
        customdata=figures[["low", "high"]].assign(n=cells["observed"]),
        hovertemplate="%{y:,.0f} (%{customdata[0]:,.0f} … %{customdata[1]:,.0f}), "
        "n = %{customdata[2]:,.0f}",
    )
