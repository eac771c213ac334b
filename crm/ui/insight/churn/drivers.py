"""What the predictions stand on, over all customers."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.churn_features import GROUPS
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import bold, number, plain
from crm.ui.insight.churn import by_word, words

ROW = 30  # pixels of a bar
FIRST = 12  # coefficients shown


def show(shown: Analysis, model: str) -> None:
    """How much each thing matters to the ranking, and which way it weighs."""
    first, second = st.columns(2, gap="medium")
    with first:
        _importances(shown, model)
    with second:
        _coefficients(shown)
    by_word.show(shown)
    st.caption(plain(_(NO_CAUSE)))


def _importances(shown: Analysis, model: str) -> None:
    name = _(words.MODELS[model])
    st.markdown(bold(_("What the ranking stands on")))
    told = _("{model}: what the AUC loses when this is shuffled among the customers.")
    st.caption(plain(told.format(model=name)))
    table = insight.table(shown, "importances").query("model == @model")
    rows = table.sort_values("drop")
    labels = [_(words.THEMES[theme]) for theme in rows["theme"]]
    reach = {
        "array": (rows["high"] - rows["drop"]).clip(lower=0),
        "arrayminus": (rows["drop"] - rows["low"]).clip(lower=0),
        "color": charts.MUTED,
        "thickness": 1.5,
        "width": 3,
    }
    fig = _bars(labels, rows["drop"], [charts.SERIES[0]] * len(rows), reach)
    fig.update_traces(hovertemplate="%{y}: %{x:.3f}<extra></extra>")
    charts.show(
        fig,
        key="churn_importances",
        alt=_("Loss of AUC by what is shuffled"),
        x=_("Loss of AUC, 95% interval"),
        height=90 + ROW * len(rows),
    )


def _coefficients(shown: Analysis) -> None:
    st.markdown(bold(_("Which way it weighs")))
    st.caption(
        plain(
            _(
                "Logistic regression: factor on the odds of no order, for numbers per "
                "standard deviation, for words against the average customer. What "
                "speaks of one thing is to be read together."
            )
        )
    )
    table = insight.table(shown, "coefficients")
    rows = table.loc[table["coefficient"].abs().sort_values().index].tail(FIRST)
    labels = [_label(row) for row in rows.to_dict("records")]
    raises = rows["coefficient"] > 0
    colours = [charts.SERIES[1] if up else charts.SERIES[0] for up in raises]
    fig = _bars(labels, rows["coefficient"], colours, None)
    fig.update_traces(
        customdata=np.exp(rows["coefficient"]),
        hovertemplate=_("%{y}: odds × %{customdata:.2f}") + "<extra></extra>",
    )
    ticks = [-2, -1, -0.5, 0, 0.5, 1, 2]
    fig.update_xaxes(
        tickvals=ticks,
        ticktext=[f"×{number(float(np.exp(t)), places=1)}" for t in ticks],
    )
    charts.show(
        fig,
        key="churn_coefficients",
        alt=_("Factors on the odds of no order"),
        x=_("Factor on the odds"),
        height=90 + ROW * len(rows),
    )


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


def _label(row: dict[Any, Any]) -> str:
    feature = row["feature"]
    if feature in GROUPS:
        return words.level(feature, row["level"])
    return _(words.BRIEF[feature])


NO_CAUSE = N_(
    "These are associations, not causes: what goes along with leaving need not make "
    "anybody leave, and changing it need not keep anybody."
)
