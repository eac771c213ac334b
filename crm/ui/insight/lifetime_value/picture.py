"""All customers in two pictures: how unequal they are, and who has gone quiet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics import outlines
from crm.config import settings
from crm.i18n import _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.charts import Picked
from crm.ui.format import bold, number, plain

POINTS = 4_000  # drawn; more would make the page slow and the picture grey
DECADES = range(10)
SCALE = [  # without the two palest, which would be lost on the page
    [step / 7, color] for step, (_at, color) in enumerate(charts.SEQUENTIAL[2:])
]

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Places:
    """Where customers lie: logarithms (base 10, of one more) of days and of money."""

    days: Floats
    money: Floats


def show(shown: Analysis) -> Rows | None:
    """Draw both; the rows of the customers that were picked, None where none were."""
    first, second = st.columns(2, gap="medium")
    with first:
        _inequality(shown)
    with second:
        return _quiet(shown)


def _inequality(shown: Analysis) -> None:
    st.markdown(bold(_("On how few it rests")))
    st.caption(plain(_("Customers are taken from the most valuable on.")))
    curve = insight.table(shown, "concentration")
    fig = go.Figure()
    fig.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=_("If all were worth the same"),
        line={"color": charts.MUTED, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    fig.add_scatter(
        x=curve["customers"],
        y=curve["value"],
        mode="lines",
        name=_("These customers"),
        line={"color": charts.SERIES[0], "width": 2},
        hovertemplate="%{x:.0%}: %{y:.0%}<extra></extra>",
    )
    fig.update_xaxes(tickformat=".0%", range=[0, 1.02])
    fig.update_yaxes(tickformat=".0%", range=[0, 1.02])
    charts.show(
        fig,
        key="lifetime_value_concentration",
        alt=_("Share of the total lifetime value, by share of customers taken"),
        x=_("Share of customers taken"),
        y=_("Share of the total value"),
        height=360,
    )


def _quiet(shown: Analysis) -> Rows | None:
    st.markdown(bold(_("Who is worth much, and has gone quiet")))
    st.caption(plain(_("Draw a lasso or a box around customers to list them below.")))
    customers = insight.table(shown, "customers")
    places = _places(shown)
    drawn = _sample(len(customers), POINTS)
    picked = charts.pick(
        _figure(customers.iloc[drawn], places, drawn),
        key=f"lifetime_value_quiet_{shown.id}",
        alt=_("Customers by days since the last purchase and by lifetime value"),
        x=_("Days since the last purchase"),
        y=_("Lifetime value, {currency}").format(currency=settings().currency),
        height=360,
    )
    if len(drawn) < len(customers):
        told = _(
            "{drawn} of {count} customers are drawn, chosen at random. A lasso or a "
            "box takes in all who lie inside it, drawn or not."
        )
        counts = {"drawn": number(len(drawn)), "count": number(len(customers))}
        st.caption(plain(told.format(**counts)))
    return _rows(picked, places, every=len(drawn) == len(customers))


@st.cache_resource(
    max_entries=8, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def _places(shown: Analysis) -> Places:
    """Once for all readers and moves of a slider."""
    customers = insight.table(shown, "customers")
    return Places(
        np.log10(1 + customers["recency"].to_numpy(dtype="float64")),
        np.log10(1 + customers["lifetime_value"].to_numpy(dtype="float64")),
    )


def _figure(customers: pd.DataFrame, places: Places, drawn: Rows) -> go.Figure:
    """Coloured by the chance to be still there, grey where that is not known."""
    known = customers["alive"].notna().to_numpy()
    hover = _("{days} days, worth {amount}").format(
        days="%{customdata[1]:,}", amount="%{customdata[2]:,.0f}"
    )
    chance = "<br>" + _("alive: {share}").format(share="%{customdata[3]:.0%}")
    data = np.column_stack([drawn, customers[["recency", "lifetime_value", "alive"]]])
    fig = go.Figure()
    for mine, name, more in (
        (~known, _("One purchase only"), ""),
        (known, _("Repeat buyers"), chance),
    ):
        fig.add_scattergl(
            x=places.days[drawn[mine]],
            y=places.money[drawn[mine]],
            mode="markers",
            name=name,
            customdata=data[mine],
            marker={"size": 5, "opacity": 0.75, "color": charts.MUTED},
            hovertemplate=hover + more + "<extra></extra>",
        )
    _coloured(fig.data[1], customers["alive"][known])
    _labelled(fig, places)
    return fig


def _coloured(trace: go.Scattergl, alive: pd.Series) -> None:
    trace.marker.update(
        color=alive,
        colorscale=SCALE,
        cmin=0,
        cmax=1,
        colorbar={
            "title": {
                "text": _("Probability alive"),
                "side": "right",
                "font": {"size": 12},
            },
            "tickformat": ".0%",
            "tickfont": {"size": 11},
            "thickness": 10,
            "outlinewidth": 0,
        },
    )


def _labelled(fig: go.Figure, places: Places) -> None:
    axes = ((fig.update_xaxes, places.days), (fig.update_yaxes, places.money))
    for update, values in axes:
        labels = _ticks(values)
        update(zeroline=False, tickvals=list(labels), ticktext=list(labels.values()))


def _ticks(places: Floats) -> dict[float, str]:
    """Powers of ten, and zero, as far as customers reach."""
    low, high = places.min() - 0.3, places.max() + 0.3
    at = {0.0: 0} | {float(np.log10(1 + 10**power)): 10**power for power in DECADES}
    return {place: number(value) for place, value in at.items() if low <= place <= high}


def _rows(picked: Picked, places: Places, *, every: bool) -> Rows | None:
    """Those picked; where not all are drawn, everybody inside the outlines."""
    if not picked.ids:
        return None
    if every:
        return np.sort(np.array(picked.ids, dtype=np.intp))
    shapes = [(one["x"], one["y"]) for one in picked.lassos]
    for box in picked.boxes:
        (x1, x2), (y1, y2) = box["x"], box["y"]
        shapes.append(([x1, x2, x2, x1], [y1, y1, y2, y2]))
    found = [outlines.inside(places.days, places.money, *one) for one in shapes]
    return np.unique(np.concatenate(found or [np.array(picked.ids, dtype=np.intp)]))


@st.cache_data(max_entries=8, show_spinner=False)
def _sample(count: int, at_most: int) -> Rows:
    if count <= at_most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, at_most, replace=False))
