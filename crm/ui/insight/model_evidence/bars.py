"""Bars of what a model stands on: how much each thing matters, which way it weighs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts
from crm.ui.format import number

ROW = 30  # pixels of a bar
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)  # factors on the odds


def losses(table: pd.DataFrame, themes: Mapping[str, str]) -> go.Figure:
    """What the AUC loses when a theme is shuffled; the id of a bar is its theme.

    Args:
        table: as in `importance.IMPORTANCE`.
        themes: what each is called, to be translated.
    """
    rows = table.sort_values("drop")
    labels = [_(themes[theme]) for theme in rows["theme"]]
    fig = _bars(labels, rows["drop"], _("Loss of AUC, 95% interval"))
    return fig.update_traces(
        marker={"color": charts.SERIES[0]},
        error_x=charts.interval_bars(rows, "drop", charts.MUTED),
        customdata=[[theme] for theme in rows["theme"]],
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )


def strongest(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """The coefficients that weigh most, the heaviest last, as bars are drawn."""
    return table.loc[table["coefficient"].abs().sort_values().index].tail(count)


def factors(
    rows: pd.DataFrame, labels: Sequence[str], *, up: str, down: str
) -> go.Figure:
    """Coefficients as factors on the odds; the id of a bar is its feature.

    Args:
        rows: `feature` and `coefficient`, as `strongest` gives them.
        labels: what each row is called.
        up: the colour of what raises the odds; `down` of what lowers them.
    """
    fig = _bars(labels, rows["coefficient"], _("Factor on the odds"))
    odds = np.exp(rows["coefficient"])
    fig.update_traces(
        marker={"color": [up if raises else down for raises in odds > 1]},
        customdata=[list(pair) for pair in zip(rows["feature"], odds, strict=True)],
        hovertemplate=_("%{y}: odds × %{customdata[1]:.2f}") + "<extra></extra>",
    )
    ticks = [f"×{number(one, places=1)}" for one in TICKS]
    return fig.update_xaxes(tickvals=np.log(TICKS), ticktext=ticks)


def height(fig: go.Figure) -> int:
    """In pixels, of a chart of so many bars."""
    return 90 + ROW * len(fig.data[0].y)


def _bars(labels: Sequence[str], values: pd.Series, title: str) -> go.Figure:
    fig = go.Figure()
    fig.update_xaxes(title_text=title)
    fig.add_bar(y=labels, x=values, orientation="h", showlegend=False)
    return fig.update_yaxes(automargin=True)
