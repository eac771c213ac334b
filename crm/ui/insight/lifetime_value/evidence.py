"""How far to trust it: what the models said of the past, beside what then came."""

from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.lifetime.lifetime_check import MOST
from crm.analytics.lifetime.lifetime_notes import UNCHECKED
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import charts, insight
from crm.ui.format import day, number, percent, plain, rounded

PLAIN = N_("Revenue, if all went on as in the same time before")
ROWS = {  # of the table, by what was compared
    "purchases": N_("Purchases, by the models"),
    "revenue": N_("Revenue, by the models"),
    "as_before": PLAIN,
}


def show(shown: Analysis) -> None:
    """Two charts and a table, where there was a test on the past."""
    st.subheader(_("How far to trust it"))
    check = shown.summary["check"]
    if check is None:
        st.info(_(UNCHECKED), icon=":material/info:")
        return
    learned_on = date.fromisoformat(check["learned_on"])
    told = _(
        "The same models, fitted to {customers} customers as they were on {day}, said "
        "what they would do in the {days} days after it. This is what then came."
    )
    counts = {"customers": number(check["customers"]), "days": number(check["days"])}
    st.markdown(plain(told.format(day=day(learned_on), **counts)))
    first, second = st.columns(2, gap="medium")
    with first:
        _classes(shown, learned_on)
    with second:
        _tracking(shown, learned_on)
    _table(check)


def _classes(shown: Analysis, learned_on: date) -> None:
    charts.titled(
        _("Do the right customers come back?"),
        _("By how often they had bought again until then."),
    )
    table = insight.table(shown, "classes")
    names = [f"{MOST}+" if x == MOST else str(x) for x in table["x"]]
    fig = go.Figure()
    for column, name, color in (
        ("expected", _("Expected"), charts.SERIES[0]),
        ("actual", _("Actual"), charts.MUTED),
    ):
        fig.add_bar(
            x=names,
            y=table[column],
            name=name,
            marker={"color": color},
            customdata=table[["customers"]],
            hovertemplate=_("%{y:.2f} each of %{customdata[0]:,} customers"),
        )
    fig.update_layout(barmode="group")
    fig.update_xaxes(type="category")
    charts.show(
        fig,
        key="lifetime_value_classes",
        alt=_("Expected and actual purchases, by repeat purchases until then"),
        x=_("Repeat purchases until {day}").format(day=day(learned_on)),
        y=_("Mean purchases in the {days} days after").format(
            days=number(shown.summary["check"]["days"])
        ),
    )


def _tracking(shown: Analysis, learned_on: date) -> None:
    charts.titled(
        _("Do as many come back in all?"),
        _("Everything right of the line was not known to the models."),
    )
    table = insight.table(shown, "tracking")
    fig = go.Figure()
    for column, name, look in (
        ("expected", _("Expected"), {"color": charts.SERIES[0], "width": 2}),
        ("actual", _("Actual"), {"color": charts.INK, "width": 2, "dash": "dot"}),
    ):
        fig.add_scatter(
            x=table["day"].to_numpy(),
            y=table[column],
            mode="lines",
            name=name,
            line=look,
            hovertemplate="%{x}: %{y:,.0f}",
        )
    fig.add_vline(x=learned_on.isoformat(), line={"color": charts.MUTED, "width": 1})
    charts.show(
        fig,
        key="lifetime_value_tracking",
        alt=_("Expected and actual repeat purchases since the start"),
        x=_("Week"),
        y=_("Repeat purchases since the start"),
    )


def _table(check: dict[str, Any]) -> None:
    rows = [
        {
            "what": _(label),
            "expected": _amount(name, check[name]["expected"]),
            "actual": _amount(name, check[name]["actual"]),
            "error": _error(check[name]["error"]),
            "correlation": _figure(check[name]["correlation"]),
        }
        for name, label in ROWS.items()
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        key="lifetime_value_check",
        hide_index=True,
        height="content",
        column_config={
            "what": kinds.TextColumn(_("In the time held out"), pinned=True),
            "expected": kinds.TextColumn(_("Expected"), alignment="right"),
            "actual": kinds.TextColumn(_("Actual"), alignment="right"),
            "error": kinds.TextColumn(
                _("Error of the total"),
                alignment="right",
                help=_("-10% says that a tenth less was expected than came."),
            ),
            "correlation": kinds.TextColumn(
                _("Correlation"),
                alignment="right",
                help=_("Between expected and actual, from customer to customer."),
            ),
        },
    )


def _amount(name: str, value: float) -> str:
    return number(round(value)) if name == "purchases" else rounded(value)


def _error(share: float | None) -> str:
    if share is None:
        return "–"
    return ("+" if share > 0 else "") + percent(share, places=1)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
