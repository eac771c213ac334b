"""The two sides of a campaign, each with its interval."""

import pandas as pd
import plotly.graph_objects as go

from crm.analytics.hold_out import Effect
from crm.analytics.shares import wilson
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import percent


def show(effect: Effect) -> None:
    """The share of customers that ordered, added and held out."""
    table = _table(effect)
    charts.titled(
        _("Customers who ordered"),
        _("Each point with its 95% interval. The further apart, the more it did."),
    )
    charts.show(
        figure(table),
        key="campaign_effect",
        alt=_("Share of customers who ordered, added and held out"),
        x=_("Share that ordered, 95% interval"),
        height=180,
    )


def figure(table: pd.DataFrame) -> go.Figure:
    """A point and its interval for each row of `side`, `share`, `low`, `high`."""
    spans = [
        f"{percent(one.low, places=1)} – {percent(one.high, places=1)}"
        for one in table.itertuples()
    ]
    fig = go.Figure(
        go.Scatter(
            x=table["share"],
            y=table["side"],
            mode="markers",
            marker={"size": 10, "color": [charts.SERIES[0], charts.MUTED]},
            error_x=charts.interval_bars(table, "share", charts.INK),
            customdata=spans,
            hovertemplate="%{y}: %{x:.1%} (%{customdata})<extra></extra>",
        )
    )
    fig.update_xaxes(tickformat=".0%", rangemode="tozero")
    fig.update_yaxes(autorange="reversed")
    return fig


def _table(effect: Effect) -> pd.DataFrame:
    sizes = [effect.acted_on, effect.left_alone]
    shares = [effect.bought_acted_on, effect.bought_left_alone]
    events = [round(n * share) for n, share in zip(sizes, shares, strict=True)]
    low, high = wilson(events, sizes)
    sides = [_("Added"), _("Held out")]
    return pd.DataFrame({"side": sides, "share": shares, "low": low, "high": high})
