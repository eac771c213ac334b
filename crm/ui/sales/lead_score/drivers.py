"""What the scores stand on, over all leads."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import bold, number, plain
from crm.ui.sales.lead_score import words

ROW = 30  # pixels of a bar
FIRST = 10  # coefficients shown
TICKS = (0.2, 0.5, 1, 2, 3, 5)


def show(shown: Analysis) -> None:
    """How much each thing matters to the ranking, and which way it weighs."""
    first, second = st.columns(2, gap="medium")
    with first:
        _importances(insight.table(shown, "importances"))
    with second:
        _coefficients(insight.table(shown, "coefficients"))
    st.caption(plain(_(NO_CAUSE)))


def _importances(table: pd.DataFrame) -> None:
    st.markdown(bold(_("What the ranking stands on")))
    st.caption(_("What the AUC loses on later leads when this is shuffled."))
    rows = table.sort_values("drop")
    reach = {
        "array": (rows["high"] - rows["drop"]).clip(lower=0),
        "arrayminus": (rows["drop"] - rows["low"]).clip(lower=0),
        "color": charts.MUTED,
        "thickness": 1.5,
        "width": 3,
    }
    labels = [_(words.THEMES[theme]) for theme in rows["theme"]]
    fig = _bars(labels, rows["drop"], [charts.SERIES[0]] * len(rows), reach)
    fig.update_traces(hovertemplate="%{y}: %{x:.3f}<extra></extra>")
    charts.show(
        fig,
        key="leads_importances",
        alt=_("Loss of AUC by what is shuffled"),
        x=_("Loss of AUC, 95% interval"),
        height=90 + ROW * len(rows),
    )


def _coefficients(table: pd.DataFrame) -> None:
    st.markdown(bold(_("Which way it weighs")))
    st.caption(plain(_(WEIGHTS)))
    rows = table.loc[table["coefficient"].abs().sort_values().index].tail(FIRST)
    labels = [words.column(row) for row in rows.to_dict("records")]
    raises = rows["coefficient"] > 0
    colours = [charts.SERIES[0] if up else charts.SERIES[1] for up in raises]
    fig = _bars(labels, rows["coefficient"], colours, None)
    fig.update_traces(
        customdata=np.exp(rows[["coefficient"]]),
        hovertemplate=_("%{y}: odds × %{customdata[0]:.2f}") + "<extra></extra>",
    )
    fig.update_xaxes(
        tickvals=np.log(TICKS),
        ticktext=[f"×{number(one, places=1)}" for one in TICKS],
    )
    charts.show(
        fig,
        key="leads_weights",
        alt=_("Factors on the odds to be converted"),
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


WEIGHTS = N_(
    "Factor on the odds to be converted: for sources against the average lead, for the "
    "others per standard deviation."
)
NO_CAUSE = N_(
    "These are associations, not causes: what goes along with conversion need not "
    "bring it about."
)
