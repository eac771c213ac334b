"""How the business goes, on the first page: revenue by month, lately against before."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import Analysis
from crm.services import analyses
from crm.ui import access, charts, filter_builder, insight, navigation
from crm.ui.format import number, plain, rounded

KIND = "overview"


def show() -> None:
    """The stored overview, where there is one and the reader sees all customers."""
    with db.reading(access.current()) as session:
        shown = analyses.latest(session, KIND)
    if shown is None:
        return
    months = insight.table(shown, "months")
    if not months["orders"].any():
        return
    _lately(shown.summary)
    _months(shown, months)


def _lately(figures: dict[str, Any]) -> None:
    days = figures["days"]
    st.subheader(_("The last {n} days").format(n=days))
    with st.grid(3, min_column_width=160):
        for label, name, shown in (
            (_("Net sales"), "revenue", rounded),
            (_("Orders"), "orders", number),
            (_("Buying customers"), "customers", number),
        ):
            now, before = figures[name], figures[f"{name}_before"]
            st.metric(
                label,
                shown(now),
                delta=f"{now / before - 1:+.0%}" if before > 0 else None,
                border=True,
                help=_("Against the {n} days before").format(n=days),
            )


def _months(shown: Analysis, months: pd.DataFrame) -> None:
    """A bar a month; a click opens its orders."""
    fig = go.Figure(
        go.Bar(
            x=months["month"],
            y=months["revenue"],
            customdata=months[["month", "orders", "customers"]].assign(
                month=months["month"].dt.strftime("%Y-%m-%d")
            ),
            hovertemplate="%{x|%Y-%m}<br>%{y:,.0f}<br>"
            + plain(_("Orders"))
            + " %{customdata[1]:,}<extra></extra>",
        )
    )
    picked = charts.pick(
        fig,
        key="overview_months",
        alt=_("Net sales by month"),
        y=_("Net sales, {currency}").format(currency=settings().currency),
        height=240,
    )
    note = _("Click a month to see its orders. The last one is not over yet.")
    st.caption(note)
    insight.stamp(shown)
    if picked.ids:
        _open_month(str(picked.ids[0]))


def _open_month(first: str) -> None:
    """The list of orders, filtered to a month."""
    month = pd.Timestamp(first)
    last = (month + pd.offsets.MonthEnd(0)).date()
    days = [month.date().isoformat(), last.isoformat()]
    rule = {
        "match": "all",
        "rules": [{"field": "ordered_at", "op": "between", "value": days}],
    }
    filter_builder.clear("orders")
    navigation.go("orders", orders_f=filter_builder.dumped(rule))
