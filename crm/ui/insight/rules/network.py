"""The best rules as a network: products are points, rules are arrows."""

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.rules import rule_network
from crm.i18n import _
from crm.ui import charts
from crm.ui.format import number, plain
from crm.ui.insight.rules import labels
from crm.ui.insight.rules.figures import ratio, share, shortened
from crm.ui.insight.rules.result import Chosen, Found
from crm.ui.insight.rules.scatter import ACROSS, lift_bar

RULES = (10, 20, 30, 40, 60)  # to choose from: how many are drawn
LONGEST = 26  # letters of a product's name in the picture
WIDE, HIGH, REACH = 870, 535, 2.5  # the picture in pixels, and in units of places
MARK = 0.62  # where on its arrow a rule is clicked: two ways, two marks


def show(found: Found, chosen: Chosen, key: str) -> list[int]:
    """Draw the network; give the numbers of the rules that are picked."""
    best = chosen.rules.head(_how_many())
    drawn = _network(found.identity, tuple(best.index), found, best)
    picked = charts.pick(
        _figure(found, drawn),
        key=key,
        alt=_("Products as points, joined by the best rules"),
        height=560,
    )
    words = _(
        "The best {n} rules. An arrow leads from each product of the left side to that "
        "of the right side; click the mark on it. A point is larger the more baskets "
        "hold its product."
    )
    st.caption(plain(words.format(n=number(len(best)))))
    return [int(one) for one in picked.ids]


@st.cache_data(max_entries=64, show_spinner=False)
def _network(
    identity: tuple[int, datetime],  # noqa: ARG001  (with the rules' numbers, what it depends on)
    numbers: tuple[int, ...],  # noqa: ARG001
    _found: Found,
    _best: pd.DataFrame,
) -> rule_network.Network:
    return rule_network.network(_best, _found.products, top=len(_best))


def _how_many() -> int:
    chosen: int = st.segmented_control(
        _("Rules in the picture"),
        RULES,
        default=20,
        required=True,
        key="rules_drawn",
        bind="query-params",
    )
    return chosen


def _figure(found: Found, drawn: rule_network.Network) -> go.Figure:
    nodes = drawn.nodes.set_index("product_id")
    nodes["size"] = 8 + 26 * np.sqrt(nodes["support"] / nodes["support"].max())
    nodes["name"] = [shortened(found.names[int(one)], LONGEST) for one in nodes.index]
    nodes["free"] = _sides(nodes, drawn.edges)
    ends = [nodes.loc[drawn.edges[end]] for end in ("source", "target")]
    fig = go.Figure([_products(found, nodes), _marks(found, drawn.edges, *ends)])
    fig.update_layout(annotations=_arrows(*ends), showlegend=False, dragmode="pan")
    hidden = {"visible": False, "range": [-1.25, 1.25]}
    return fig.update_xaxes(hidden).update_yaxes(hidden)


def _sides(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[str]:
    """Where each name stands; the width is that of a usual screen."""
    x, y = nodes["x"] * WIDE / REACH, nodes["y"] * HIGH / REACH
    places = {product: at for at, product in enumerate(nodes.index)}
    ends = (edges[end].map(places) for end in ("source", "target"))
    return labels.sides(
        list(zip(x, y, strict=True)),
        (nodes["size"] / 2).tolist(),
        nodes["name"].tolist(),
        [f"{side} center" for side in _free_side(nodes, edges)],
        lines=zip(*ends, strict=True),
    )


def _free_side(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[str]:
    """Whether a product's name is better above or below: where no arrow goes."""
    pairs = edges[["source", "target"]]
    both = pd.concat(
        [pairs, pairs.rename(columns={"source": "target", "target": "source"})]
    )
    others = both.assign(y=nodes["y"].reindex(both["target"]).to_numpy())
    middle = others.groupby("source")["y"].mean().reindex(nodes.index)
    return ["top" if above else "bottom" for above in nodes["y"] >= middle]


def _products(found: Found, nodes: pd.DataFrame) -> Any:
    names = [found.names[int(one)] for one in nodes.index]
    held = _("in {share} of the baskets")
    shares = [held.format(share=share(one)) for one in nodes["support"]]
    return go.Scatter(
        x=nodes["x"].to_numpy(),
        y=nodes["y"].to_numpy(),
        mode="markers+text",
        text=nodes["name"].tolist(),
        textposition=nodes["free"].tolist(),
        textfont={"size": 11, "color": charts.INK},
        hovertext=[f"{name}: {of}" for name, of in zip(names, shares, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"size": nodes["size"].to_numpy(), "color": charts.SERIES[0]},
    )


def _marks(
    found: Found, edges: pd.DataFrame, start: pd.DataFrame, end: pd.DataFrame
) -> Any:
    at = {
        axis: (1 - MARK) * start[axis].to_numpy() + MARK * end[axis].to_numpy()
        for axis in ("x", "y")
    }
    told = _("confidence {confidence}, lift {lift}").format(
        confidence="%{customdata[1]}", lift="%{customdata[2]}"
    )
    return go.Scatter(
        **at,
        mode="markers",
        customdata=[
            (edge.Index, share(edge.confidence), ratio(edge.lift))
            for edge in edges.itertuples()
        ],
        hovertext=[found.label(number_) for number_ in edges.index],
        hovertemplate=f"%{{hovertext}}<br>{told}<extra></extra>",
        marker={
            "symbol": "diamond",
            "size": 11,
            "color": np.log(edges["lift"].to_numpy()),
            "colorscale": charts.SEQUENTIAL,
            "colorbar": lift_bar(edges["lift"]) | ACROSS,
            "line": {"width": 1, "color": charts.INK},
        },
    )


def _arrows(start: pd.DataFrame, end: pd.DataFrame) -> list[dict[str, Any]]:
    fixed = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": ""}
    look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.2}
    return [
        fixed
        | look
        | {
            "ax": one.x,
            "ay": one.y,
            "x": two.x,
            "y": two.y,
            "standoff": two.size / 2,
            "startstandoff": one.size / 2,
            "arrowcolor": charts.MUTED,
        }
        for one, two in zip(start.itertuples(), end.itertuples(), strict=True)
    ]
