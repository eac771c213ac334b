"""Rules between two products as a map: left side down, right side across."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.rules.rule_matrix import MOST, Matrix, matrix
from crm.i18n import _
from crm.ui import charts
from crm.ui.chart_text import harmless
from crm.ui.format import number, plain
from crm.ui.insight.rules.figures import shortened
from crm.ui.insight.rules.result import Chosen, Found
from crm.ui.insight.rules.scatter import ACROSS, lift_bar

LONGEST = 22  # letters of a product's name beside the map
ROW, AROUND = 20, 210  # pixels
FEWEST = 4  # rows that a map is high, at least
CELL = 0.96


def show(found: Found, chosen: Chosen, key: str) -> list[int]:
    """Draw the map; give the numbers of the rules that are picked."""
    drawn = between(found, chosen.rules)
    if drawn.cells.empty:
        words = _("All rules within the bounds have several products on the left side.")
        st.caption(plain(words))
        return []
    picked = charts.pick(
        figure(found, drawn),
        key=key,
        alt=_("Left sides down, right sides across, lift as colour"),
        x=_("… also buys"),
        y=_("Who buys …"),
        height=AROUND + ROW * max(FEWEST, len(drawn.rows)),
    )
    st.caption(plain(_told(drawn)))
    return [int(one) for one in picked.ids]


def between(found: Found, rules: pd.DataFrame) -> Matrix:
    """The map of some rules of `found`."""
    numbers = rules.index.to_numpy()
    return matrix(rules, found.single[numbers], found.right[numbers])


def figure(found: Found, drawn: Matrix) -> go.Figure:
    """Bars stand for the cells: Plotly lets nobody pick from a heat map."""
    cells = drawn.cells
    bars = go.Bar(
        x=[str(drawn.columns[at]) for at in cells["column"]],
        y=np.full(len(cells), CELL),
        base=cells["row"].to_numpy() - CELL / 2,
        width=CELL,
        customdata=_figures(drawn),
        hovertext=[found.label(at) for at in cells.index.tolist()],
        marker={
            "color": np.log(cells["lift"].to_numpy()),
            "colorscale": charts.SEQUENTIAL,
            "colorbar": lift_bar(cells["lift"]) | ACROSS | {"len": 0.8},
            "cornerradius": 0,
        },
        hovertemplate=_hover(),
    )
    layout = {
        "barmode": "overlay",
        "showlegend": False,
        "xaxis": _across(found, drawn.columns),
        "yaxis": _down(found, drawn.rows),
    }
    return go.Figure(bars, layout)


def _figures(drawn: Matrix) -> npt.NDArray[np.float64]:
    """Of each cell the rule's number, and its measures.

    An array, as Plotly looks at every single value of a list.
    """
    measures = drawn.cells[["lift", "confidence", "support", "q_value"]]
    return np.column_stack([drawn.cells.index, measures])


def _hover() -> str:
    """The browser writes the figures: hundreds of them take long here."""
    told = _("lift {lift}, confidence {confidence}, support {support}, q-value {q}")
    figures = told.format(
        lift="%{customdata[1]:.2f}",
        confidence="%{customdata[2]:.1%}",
        support="%{customdata[3]:.2~%}",
        q="%{customdata[4]:.1~e}",
    )
    return f"%{{hovertext}}<br>{figures}<extra></extra>"


def _across(found: Found, products: list[int]) -> dict[str, Any]:
    """Categories: where the picture is narrow, Plotly leaves out labels of these."""
    keys = [str(one) for one in products]
    return {
        "type": "category",
        "categoryarray": keys,
        "labelalias": dict(zip(keys, _labels(found, products), strict=True)),
        "range": [-0.5, len(products) - 0.5],
        "tickangle": -60,
        "showgrid": False,
    }


def _down(found: Found, products: list[int]) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(products))),
        "ticktext": _labels(found, products),
        "range": [len(products) - 0.5, -0.5],
        "showgrid": False,
        "zeroline": False,
    }


def _labels(found: Found, products: list[int]) -> list[str]:
    """Harmless as data is: of a layout, `charts` leaves bold and line breaks."""
    names = [shortened(found.names[one], LONGEST) for one in products]
    labels: list[str] = harmless({"data": names})["data"]
    return labels


def _told(drawn: Matrix) -> str:
    words = _(
        "Drawn: {n} of the {all} rules with one product on the left side. The map has "
        "at most {most} rows and columns, those of the best rules. Click a cell for "
        "its rule."
    )
    return words.format(
        n=number(len(drawn.cells)), all=number(drawn.singles), most=number(MOST)
    )
