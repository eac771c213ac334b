"""How far to trust it: curves and figures from customers whose outcome is known."""

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _, current
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import number, percent, plain
from crm.ui.insight.churn import comparison, curves


def show(shown: Analysis, model: str) -> None:
    """Four charts, and a table of all models."""
    customers, left = shown.summary["judged_from"]
    told = _(
        "All of this is from {customers} customers one horizon earlier, of whom {left} "
        "({share}) did not order. The models had not seen what came."
    )
    counts = {"customers": number(customers), "left": number(left)}
    st.markdown(plain(told.format(**counts, share=percent(left / customers))))
    first, second = st.columns(2, gap="medium")
    with first:
        _reliability(shown, model)
    with second:
        _gains(shown, model)
    first, second = st.columns(2, gap="medium")
    with first:
        _lift(shown, model)
    with second:
        _roc(shown, model)
    comparison.show(shown)


def _reliability(shown: Analysis, model: str) -> None:
    charts.titled(
        _("Do the probabilities come true?"),
        _("Each point is a tenth of the customers, its bar the 95% interval."),
    )
    charts.show(
        _drawn(shown, "reliability", "reliability", model, current()),
        key="churn_reliability",
        alt=_("Predicted probabilities against actual shares"),
        x=_("Predicted probability"),
        y=_("Share that did not order"),
    )


def _gains(shown: Analysis, model: str) -> None:
    charts.titled(
        _("Whom does the ranking reach?"),
        _("Customers are taken from the likeliest on."),
    )
    charts.show(
        _drawn(shown, "gains", "gains", model, current()),
        key="churn_gains",
        alt=_("Share of those who left, by share of customers taken"),
        x=_("Share of customers taken"),
        y=_("Share of those who left, reached"),
    )


def _lift(shown: Analysis, model: str) -> None:
    charts.titled(
        _("How much better than at random?"),
        _("At most {most}×, as {share} of all left.").format(
            most=number(_most(shown), places=1), share=percent(1 / _most(shown))
        ),
    )
    charts.show(
        _drawn(shown, "lift", "gains", model, current()),
        key="churn_lift",
        alt=_("Lift by share of customers taken"),
        x=_("Share of customers taken"),
        y=_("Lift, times the base rate"),
    )


def _roc(shown: Analysis, model: str) -> None:
    charts.titled(
        _("Hits against false alarms"),
        _("The area under a curve is its AUC."),
    )
    charts.show(
        _drawn(shown, "roc", "roc", model, current()),
        key="churn_roc",
        alt=_("Receiver operating characteristic"),
        x=_("Share of those who stayed, above the line"),
        y=_("Share of those who left, above the line"),
    )


@st.cache_resource(
    max_entries=64, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def _drawn(
    shown: Analysis,
    curve: str,
    table: str,
    model: str,
    speech: str,  # noqa: ARG001  (its texts are of that language)
) -> go.Figure:
    """A chart that no slider changes, made once; `charts.show` shows a copy."""
    draw: Callable[[pd.DataFrame, str], go.Figure] = getattr(curves, curve)
    return draw(insight.table(shown, table), model)


def _most(shown: Analysis) -> float:
    customers, left = shown.summary["judged_from"]
    return float(customers / left)
