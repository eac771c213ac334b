"""What the predictions stand on, over all opportunities."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.deals.win_features import GROUPS, THEMES
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import bold, plain
from crm.ui.insight.model_evidence import bars
from crm.ui.sales.win_chance import marks, open_deals, words

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
    told = _(
        "{model}: what the AUC loses when this is shuffled. Click a bar to see the "
        "open ones that have it among their reasons."
    )
    best = shown.summary["best"]
    model = _(words.MODELS[best])
    charts.titled(_("What the ranking stands on"), told.format(model=model))
    fig = bars.losses(insight.table(shown, "importances"), words.THEMES)
    marks.chart(
        fig,
        name="drivers",
        alt=_("Loss of AUC by what is shuffled"),
        height=bars.height(fig),
    )


def _coefficients(shown: Analysis) -> None:
    charts.titled(_("Which way it weighs"), _(WEIGHTS))
    rows = bars.strongest(insight.table(shown, "coefficients"), FIRST)
    labels = [_label(row) for row in rows.to_dict("records")]
    fig = bars.factors(rows, labels, up=charts.SERIES[0], down=charts.SERIES[1])
    fig.update_traces(  # a click looks for the theme among the reasons
        customdata=[[_theme(name), odds] for name, odds in fig.data[0].customdata]
    )
    marks.chart(
        fig,
        name="weights",
        alt=_("Factors on the odds to be won"),
        height=bars.height(fig),
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
            st.markdown(bold(told.format(theme=_(words.THEMES[theme]))))
            marks.close()
        if rows.empty:
            st.caption(_("None."))
            return
        open_deals.table(shown, rows, key="win_reason")


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
