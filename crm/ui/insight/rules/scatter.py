"""The rules as points: support across, confidence up, coloured by lift."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.ui import charts
from crm.ui.format import number, plain
from crm.ui.insight.rules.figures import ratio
from crm.ui.insight.rules.result import Chosen, Found

BEST, BY_LOT = 1000, 1000  # points drawn of many
SHARES = [n * 10**-power for power in range(1, 6) for n in (1, 2, 5)]
ACROSS = {  # a legend that leaves the width to the picture
    "orientation": "h",
    "len": 0.4,
    "x": 1,
    "xanchor": "right",
    "y": 1,
    "yanchor": "bottom",
}
LIFTS = (0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500)


def show(found: Found, chosen: Chosen, key: str) -> list[int]:
    """Draw the points; give the numbers of the rules that are picked."""
    drawn = sampled(chosen.rules)
    picked = charts.pick(
        _figure(found, drawn),
        key=key,
        alt=_("Each rule as a point: support across, confidence up, lift as colour"),
        x=_("Support (share of all baskets)"),
        y=_("Confidence (share of baskets with the left side)"),
    )
    if len(drawn) < len(chosen):
        words = _(
            "{drawn} of {all} rules are drawn: the best {best}, and {lot} of the "
            "others by lot."
        )
        told = words.format(
            drawn=number(len(drawn)),
            all=number(len(chosen)),
            best=number(BEST),
            lot=number(BY_LOT),
        )
        st.caption(plain(told))
    return [int(one) for one in picked.ids]


def sampled(rules: pd.DataFrame) -> pd.DataFrame:
    """The best rules, and some of the others by lot, where there are too many."""
    if len(rules) <= BEST + BY_LOT:
        return rules
    others = np.arange(BEST, len(rules))
    lot = np.random.default_rng(0).choice(others, BY_LOT, replace=False)
    return rules.iloc[np.concatenate([np.arange(BEST), np.sort(lot)])]


def _figure(found: Found, drawn: pd.DataFrame) -> go.Figure:
    lift = drawn["lift"].to_numpy()
    points = go.Scattergl(
        x=drawn["support"].to_numpy(),
        y=drawn["confidence"].to_numpy(),
        mode="markers",
        customdata=drawn.index.to_numpy(),
        text=[found.label(number_) for number_ in drawn.index],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": 8,
            "opacity": 0.85,
            "color": np.log(lift),
            "colorscale": charts.SEQUENTIAL,
            "colorbar": lift_bar(drawn["lift"]),
        },
    )
    fig = go.Figure(points, {"dragmode": "pan"})  # so that a click picks
    fig.update_xaxes(type="log", tickvals=SHARES, tickformat=".2~%")
    fig.update_yaxes(tickformat=".0%", rangemode="tozero")
    return fig


def lift_bar(lifts: pd.Series) -> dict[str, Any]:
    """The legend of colours that stand for the logarithm of lift."""
    low, high = lifts.min(), lifts.max()
    ticks = [one for one in LIFTS if low <= one <= high]
    if len(ticks) < 2:
        ticks = [low, high] if low < high else [low]
    return {
        "title": {"text": _("Lift"), "side": "top", "font": {"size": 12}},
        "tickfont": {"size": 11},
        "tickvals": np.log(ticks),
        "ticktext": [ratio(one) for one in ticks],
        "thickness": 8,
        "outlinewidth": 0,
    }
