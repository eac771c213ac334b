"""Two cohorts or groups against each other, with a verdict in plain words."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.cohorts.cohort_comparison import LEVEL, Comparison, compare
from crm.analytics.cohorts.cohorts import ALL, FEW
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import plain
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import AVERAGE, View

SOME = {"month": 3, "quarter": 1}  # periods, to begin with something to compare
OTHERS = AVERAGE  # in the second place: all rows but the first


def show(view: View, periods: int) -> None:
    """Which two, what they differ by over so many periods, and whether by chance."""
    if len(view.rows) < 2:
        return
    st.subheader(_("Do two of them differ?"))
    first, second = _chosen(view)
    if first == second:
        st.info(_("Choose two different ones."), icon=":material/info:")
        return
    try:
        other = None if second == OTHERS else second
        found = compare(view.found, first, other, most=periods)
    except NotEnoughData as error:
        st.info(plain(error), icon=":material/info:")
        return
    names = (view.name(first), _other(view, second))
    st.markdown(plain(overall(view, found, names)))
    period = _period(view, found)
    row = found.table[found.table["period"] == period].iloc[0]
    st.markdown(plain(verdict(view, row, names)))
    if len(found.table) == 1:
        return
    charts.show(
        figure(found),
        key="cohorts_difference",
        alt=_("Difference of the two by period, with its 95% interval"),
        x=words.since(view.question),
        y=_axis(view),
        height=260,
    )


def verdict(view: View, row: Any, names: tuple[str, str]) -> str:
    """What the two do in one period, and how sure that is."""
    measure = view.question.measure
    told = _("{later}, {first}: {a}; {second}: {b}. {difference} ({interval}).")
    return told.format(
        later=_capital(words.later(int(row["period"]), view.question)),
        first=names[0],
        second=names[1],
        a=words.figure(row["first"], measure),
        b=words.figure(row["second"], measure),
        difference=_difference(row, measure),
        interval=_interval(row),
    )


def overall(view: View, found: Comparison, names: tuple[str, str]) -> str:
    """Whether they differ at all, judged over all the periods that they share."""
    n = len(found.table)
    span = words.span(n, view.question)
    if not found.periods:
        told = _(
            "“{first}” and “{second}” do not differ by more than chance over the "
            "{span} that both have."
        )
        return told.format(first=names[0], second=names[1], span=span)
    mean = found.table.set_index("period").loc[found.periods, "difference"]
    if (mean > 0).all():
        told = _("“{first}” is above “{second}”, by more than chance, after {periods}.")
    elif (mean < 0).all():
        told = _("“{first}” is below “{second}”, by more than chance, after {periods}.")
    else:
        told = _("“{first}” and “{second}” differ by more than chance after {periods}.")
    listed = ", ".join(map(str, found.periods))
    several = words.span(found.periods[-1], view.question)
    only = len(found.periods) == 1
    periods = (
        several if only else _("{listed} of {span}").format(listed=listed, span=span)
    )
    return told.format(first=names[0], second=names[1], periods=periods)


def figure(found: Comparison) -> go.Figure:
    """The difference in each period; strong where it is more than chance."""
    table = found.table
    fig = go.Figure()
    certain = table["p_holm"] < LEVEL
    for rows, name, colour in (
        (table[certain], _("More than chance"), charts.SERIES[0]),
        (table[~certain], _("Could be chance"), charts.MUTED),
    ):
        if len(rows):
            _points(fig, rows, name, colour)
    fig.add_hline(y=0, line={"color": charts.MUTED, "width": 1, "dash": "dash"})
    last = int(table["period"].max())
    fig.update_xaxes(dtick=words.step(last), range=[0.5, last + 0.5])
    return fig


def _points(fig: go.Figure, rows: pd.DataFrame, name: str, colour: str) -> None:
    figures = 100 * rows[["difference", "low", "high"]]
    fig.add_scatter(
        x=rows["period"],
        y=figures["difference"],
        name=name,
        mode="markers",
        marker={"color": colour, "size": 9},
        error_y=charts.interval_bars(figures, "difference", colour),
        customdata=figures[["low", "high"]].assign(p=rows["p_holm"]),
        hovertemplate="%{y:+.0f} (%{customdata[0]:+.0f} … %{customdata[1]:+.0f})<br>"
        "p = %{customdata[2]:.3f}",
    )


def _chosen(view: View) -> tuple[int, int]:
    usual = _usual(view)
    left, right = st.columns(2)
    first = left.selectbox(
        _("One"),
        view.rows,
        index=view.rows.index(usual),
        format_func=lambda row: _told_apart(view, row),
        key=f"cohorts_first_{view.key}",
    )
    second = right.selectbox(
        _("The other"),
        [OTHERS, *view.rows],
        format_func=lambda row: _told_apart(view, row),
        key=f"cohorts_second_{view.key}",
    )
    return int(first), int(second)


def _usual(view: View) -> int:
    """The newest cohort of which enough is known, or the largest group with a name."""
    known = view.found.cells
    over = known[(known["state"] != "running") & (known["observed"] >= FEW)]
    seen = over.groupby("row")["period"].max()
    if view.question.grouping == ALL:
        enough = seen[seen >= min(SOME[view.question.unit], seen.max())].index
        return int([*view.rows, *enough][-1])
    named = [row for row in view.rows if row in seen and view.is_named(row)]
    return (named or view.rows)[0]


def _told_apart(view: View, row: int) -> str:
    """Widgets tell options apart by their text: groups may be called the same."""
    if row == OTHERS:
        return _("All the others")
    name = view.name(row)
    same = [one for one in view.rows if view.name(one) == name]
    return name if len(same) == 1 else f"{name} (#{row + 1})"


def _other(view: View, second: int) -> str:
    return _("all the others") if second == OTHERS else view.name(second)


def _period(view: View, found: Comparison) -> int:
    periods = [int(one) for one in found.table["period"]]
    if len(periods) == 1:
        return periods[0]
    label = _("Month") if view.question.unit == "month" else _("Quarter")
    chosen = st.select_slider(
        label,
        options=periods,
        value=(found.periods or periods)[0],
        key=f"cohorts_period_{view.key}_{periods[-1]}",
        width=360,
    )
    return int(chosen)


def _difference(row: Any, measure: Any) -> str:
    amount = words.apart(row["difference"], measure)
    if row["difference"] >= 0:
        return _("{amount} more").format(amount=amount)
    return _("{amount} less").format(amount=amount)


def _interval(row: Any) -> str:
    low, high = (f"{100 * row[end]:+.0f}".replace("-", "−") for end in ("low", "high"))
    return _("95% interval of the difference {low} to {high}").format(
        low=low, high=high
    )


def _axis(view: View) -> str:
    if view.question.measure == "orders":
        return _("Difference, orders per 100 customers")
    return _("Difference, points")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
