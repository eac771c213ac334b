"""How far to trust it: what was predicted one horizon ago, beside what then came."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import number, percent, plain
from crm.ui.insight.churn import curves
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.purchase import comparison, words

WRONG = 1.2  # a sum this many times too large or too small is coloured as off


def show(shown: Analysis, model: str) -> None:
    """Three charts and two tables."""
    st.subheader(_("How far to trust it"))
    customers, bought = shown.summary["judged_from"]
    told = _(
        "All of this is from {customers} customers one horizon earlier, of whom "
        "{bought} ({share}) bought. The models had not seen what came."
    )
    counts = {"customers": number(customers), "bought": number(bought)}
    st.markdown(plain(told.format(**counts, share=percent(bought / customers))))
    first, second = st.columns(2, gap="medium")
    with first:
        _deciles(shown, model)
    with second:
        _totals(shown)
    comparison.amounts(shown)
    first, second = st.columns([2, 3], gap="medium")
    with first:
        _reliability(shown)
    with second:
        comparison.chances(shown)


def _deciles(shown: Analysis, model: str) -> None:
    table = insight.table(shown, "deciles").query("model == @model")
    accuracy: dict[str, Any] = shown.summary["accuracies"][model]
    charts.titled(
        _("Do the amounts come true?"),
        _(
            "Tenths of the customers by what was predicted. {share} of all, and "
            "{top} of the last tenth, were within their own 90% interval."
        ).format(
            share=percent(accuracy["coverage"]), top=percent(accuracy["coverage_top"])
        ),
    )
    fig = go.Figure()
    names = [str(one) for one in table["group"]]
    fig.add_bar(
        x=names,
        y=table["predicted"],
        name=_("Predicted"),
        marker={"color": charts.SERIES[0]},
        customdata=table[["customers"]],
        hovertemplate=_("%{y:,.2f} each of %{customdata[0]:,} customers"),
    )
    fig.add_bar(
        x=names,
        y=table["actual"],
        name=_("Actual, with 95% interval"),
        marker={"color": charts.SERIES[1]},
        error_y=charts.interval_bars(table, "actual", charts.INK),
        customdata=table[["customers"]],
        hovertemplate=_("%{y:,.2f} each of %{customdata[0]:,} customers"),
    )
    fig.update_layout(barmode="group")
    fig.update_xaxes(type="category")
    charts.show(
        fig,
        key="purchase_deciles",
        alt=_("Predicted and actual revenue by tenths of the prediction"),
        x=_("Tenth of the customers, by predicted amount"),
        y=words.money(
            _("Mean in {days} days").format(days=number(shown.summary["horizon"]))
        ),
    )


def _totals(shown: Analysis) -> None:
    charts.titled(
        _("Does the sum come true?"),
        _("1 is right. Bars are 95% intervals; the line is what came."),
    )
    figures: dict[str, Any] = shown.summary["accuracies"]
    known = [name for name in reversed(words.SHORT) if name in figures]
    ratios = pd.DataFrame([figures[name]["ratio"] for name in known])
    fig = go.Figure()
    fig.add_scatter(
        x=ratios["value"],
        y=[_(words.SHORT[name]) for name in known],
        mode="markers",
        marker={"color": [_color(one) for one in ratios["value"]], "size": 10},
        error_x=charts.interval_bars(ratios, "value", charts.MUTED),
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    fig.add_vline(x=1, line={"color": charts.INK, "width": 1})
    fig.update_xaxes(rangemode="tozero")
    charts.show(
        fig,
        key="purchase_totals",
        alt=_("Predicted by actual sum of the amounts, by model"),
        x=_("Predicted / actual sum, times"),
    )


def _color(ratio: float) -> str:
    near = 1 / WRONG <= ratio <= WRONG
    return charts.SERIES[0] if near else charts.BAD


def _reliability(shown: Analysis) -> None:
    best = shown.summary["best_chance"]
    charts.titled(
        _("Do the probabilities come true?"),
        _("{model}; each point is a tenth of the customers.").format(
            model=_(churn_words.MODELS[best])
        ),
    )
    charts.show(
        curves.reliability(insight.table(shown, "reliability"), best),
        key="purchase_reliability",
        alt=_("Predicted probabilities to buy against actual shares"),
        x=_("Predicted probability to buy"),
        y=_("Share that bought"),
    )
