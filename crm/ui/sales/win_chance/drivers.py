"""What the predictions stand on, over all opportunities."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.win_features import GROUPS, THEMES
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import number, plain
from crm.ui.sales.win_chance import marks, open_deals, words

ROW = 30  # pixels of a bar
FIRST = 12  # coefficients shown


def show(shown: Analysis) -> None:
    """How much each thing matters to the ranking, and which way it weighs."""
    first, second = st.columns(2, gap="medium")
    with first:
        _importances(shown)
    with second:
        _coefficients(shown)
    if mark := marks.marked("drivers") or marks.marked("weights"):
        _open_ones(shown, mark)
    st.caption(plain(_(NO_CAUSE)))


def _importances(shown: Analysis) -> None:
    best = shown.summary["best"]
    title = _("What the ranking stands on")
    st.markdown(f"**{plain(title)}**")
    told = _(
        "{model}: what the AUC loses when this is shuffled. Click a bar to see the "
        "open ones that have it among their reasons."
    )
    st.caption(plain(told.format(model=_(words.MODELS[best]))))
    rows = insight.table(shown, "importances").sort_values("drop")
    reach = {
        "array": (rows["high"] - rows["drop"]).clip(lower=0),
        "arrayminus": (rows["drop"] - rows["low"]).clip(lower=0),
        "color": charts.MUTED,
        "thickness": 1.5,
        "width": 3,
    }
    labels = [_(words.THEMES[theme]) for theme in rows["theme"]]
    fig = _bars(labels, rows["drop"], [charts.SERIES[0]] * len(rows), reach)
    fig.update_traces(
        customdata=[[theme] for theme in rows["theme"]],
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )
    marks.chart(
        fig,
        name="drivers",
        alt=_("Loss of AUC by what is shuffled"),
        x=_("Loss of AUC, 95% interval"),
        height=90 + ROW * len(rows),
    )


def _coefficients(shown: Analysis) -> None:
    title = _("Which way it weighs")
    st.markdown(f"**{plain(title)}**")
    st.caption(plain(_(WEIGHTS)))
    table = insight.table(shown, "coefficients")
    rows = table.loc[table["coefficient"].abs().sort_values().index].tail(FIRST)
    labels = [_label(row) for row in rows.to_dict("records")]
    raises = rows["coefficient"] > 0
    colours = [charts.SERIES[0] if up else charts.SERIES[1] for up in raises]
    fig = _bars(labels, rows["coefficient"], colours, None)
    factors = np.exp(rows["coefficient"])
    fig.update_traces(
        customdata=[
            [_theme(feature), factor]
            for feature, factor in zip(rows["feature"], factors, strict=True)
        ],
        hovertemplate=_("%{y}: odds × %{customdata[1]:.2f}") + "<extra></extra>",
    )
    ticks = [-2, -1, -0.5, 0, 0.5, 1, 2]
    fig.update_xaxes(
        tickvals=ticks,
        ticktext=[f"×{number(float(np.exp(t)), places=1)}" for t in ticks],
    )
    marks.chart(
        fig,
        name="weights",
        alt=_("Factors on the odds to be won"),
        x=_("Factor on the odds"),
        height=90 + ROW * len(rows),
    )


def _open_ones(shown: Analysis, theme: str) -> None:
    """The open opportunities that have it among their reasons."""
    if theme not in words.THEMES:
        return
    scores = insight.table(shown, "scores")
    named = [scores[f"reason_{number}"].str.partition("=")[0] for number in (1, 2, 3)]
    rows = scores[pd.concat([one == theme for one in named], axis=1).any(axis=1)]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            told = _("Open, and among their reasons: {theme}")
            st.markdown(f"**{plain(told.format(theme=_(words.THEMES[theme])))}**")
            marks.close()
        if rows.empty:
            st.caption(_("None."))
            return
        open_deals.table(shown, rows, key="win_reason")


def _bars(
    labels: list[str], values: pd.Series, colours: list[str], reach: Any
) -> go.Figure:
    fig = go.Figure()
    fig.add_bar(
        y=labels,
        x=values,
        orientation="h",
        marker={"color": colours},
        error_x=reach,
        showlegend=False,
    )
    fig.update_yaxes(automargin=True)
    return fig


def _theme(feature: str) -> str:
    return next(theme for theme, names in THEMES.items() if feature in names)


def _label(row: dict[Any, Any]) -> str:
    feature = row["feature"]
    if feature in GROUPS:
        return words.level(feature, row["level"])
    return _(words.FEATURE_NAMES[feature])


WEIGHTS = N_(
    "Logistic regression: factor on the odds to be won, for numbers per standard "
    "deviation, for words against the average opportunity. What speaks of one thing is "
    "to be read together."
)
NO_CAUSE = N_(
    "These are associations, not causes: what goes along with winning need not win "
    "anything. Planning a next step for the sake of the figure changes nothing."
)
