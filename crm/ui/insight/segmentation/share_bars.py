"""A pair of bars for each group: its share of the customers, and of the revenue."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from crm.i18n import _
from crm.ui import charts
from crm.ui.format import percent

ROOM = 1.2  # beside the longest bar, for its label


def share_bars(
    names: Sequence[str], ids: Sequence[object], table: pd.DataFrame
) -> go.Figure:
    """The first group on top; a click on a bar picks the group's id.

    Args:
        table: a row per group with `share` and `revenue_share`, 0 to 1.
    """
    pairs = [
        (_("Share of customers"), table["share"], charts.SERIES[0]),
        (_("Share of revenue"), table["revenue_share"], charts.SERIES[1]),
    ]
    bars = [
        go.Bar(
            x=shares,
            y=list(names),
            orientation="h",
            name=title,
            marker={"color": colour},
            customdata=list(ids),
            text=[percent(share) for share in shares],
            textposition="outside",
            hovertemplate="%{y}: %{text}",
            cliponaxis=False,
        )
        for title, shares, colour in pairs
    ]
    both = table[["share", "revenue_share"]].to_numpy()
    span = [ROOM * min(both.min(), 0), ROOM * both.max()]
    across = {"tickformat": ".0%", "range": span}
    layout = {"xaxis": across, "yaxis": {"autorange": "reversed"}}
    return go.Figure(bars, layout)
