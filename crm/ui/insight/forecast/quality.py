"""How far to trust it: what each method would have said of the past."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm.analytics.forecast import forecast_methods, periods
from crm.config import settings
from crm.i18n import N_, _
from crm.ui import charts
from crm.ui.format import number, percent, plain
from crm.ui.insight.forecast.series import Chosen

ONE = {"day": N_("day"), "week": N_("week"), "month": N_("month")}
DASHES = {"seasonal_naive": "dot", "seasonal_mean": "dash", "drift": "dashdot"}


def show(chosen: Chosen) -> None:
    """A sentence, a table of all methods, and their errors by how far they look."""
    quality = chosen.of("quality", chosen.one["series"])
    st.subheader(_("How far to trust it"))
    st.markdown(plain(_conclusion(chosen, quality)))
    _table(chosen, quality)
    if chosen.steps > 1 and quality["mase"].notna().any():
        charts.show(
            figure(quality, chosen.one["method"]),
            key="forecast_errors",
            alt=_("Scaled error of each method by how far it looks ahead"),
            x=_("{unit} ahead").format(unit=_(periods.WORDS[chosen.unit]).capitalize()),
            y=_("Error (MASE)"),
            height=280,
        )


def _conclusion(chosen: Chosen, quality: pd.DataFrame) -> str:
    method = chosen.one["method"]
    mine = quality[quality["method"] == method]
    told = _(
        "The method used: {method}. At {origins} moments of the past it was off by "
        "{error} a {unit} on average."
    ).format(
        method=_(forecast_methods.LABELS[method]),
        origins=number(chosen.one["origins"]),
        error=chosen.about(mine["mae"].mean()),
        unit=_(ONE[chosen.unit]),
    )
    coverage = mine["coverage_80"].mean()
    if pd.isna(coverage):
        return f"{told} " + _(
            "How often its intervals hold cannot be told yet: too little came since."
        )
    return f"{told} " + _("Its 80% intervals held {share} of what came.").format(
        share=percent(coverage)
    )


def _mean_error(measure: str) -> str:
    if measure != "revenue":
        return _("Mean error")
    words = _("{what}, {currency}")
    return words.format(what=_("Mean error"), currency=settings().currency)


def _table(chosen: Chosen, quality: pd.DataFrame) -> None:
    columns = ["mase", "mae", "coverage_80", "coverage_95"]
    rows = quality.groupby("method", sort=False)[columns].mean().reset_index()
    used = chosen.one["method"]
    rows.insert(1, "used", rows["method"] == used)
    labels = {name: _(text) for name, text in forecast_methods.LABELS.items()}
    rows["method"] = rows["method"].map(labels)
    kinds = st.column_config
    config: dict[str, Any] = {
        "method": kinds.TextColumn(_("Method"), pinned=True),
        "used": kinds.CheckboxColumn(_("Used")),
        "mase": kinds.NumberColumn(_("MASE"), help=_(MASE), format="%.2f"),
        "mae": kinds.NumberColumn(
            _mean_error(chosen.measure),
            help=f"{chosen.axis}: {_(MAE)}",
            format="localized",
        ),
        "coverage_80": kinds.NumberColumn(
            _("Held by the 80% interval"), help=_(COVERAGE), format="percent"
        ),
        "coverage_95": kinds.NumberColumn(
            _("Held by the 95% interval"), help=_(COVERAGE), format="percent"
        ),
    }
    rows["mae"] = rows["mae"].round(0 if chosen.measure == "revenue" else 1)
    rows = rows.round({"coverage_80": 2, "coverage_95": 2})
    empty = [name for name in columns if rows[name].isna().all()]
    st.dataframe(
        rows.drop(columns=empty),
        key="forecast_quality",
        hide_index=True,
        height="content",
        column_config=config,
    )


def figure(quality: pd.DataFrame, used: str) -> go.Figure:
    """A line for each method; the one that is used stands out."""
    fig = go.Figure()
    for number_, (name, label) in enumerate(forecast_methods.LABELS.items()):
        mine = quality[quality["method"] == name]
        fig.add_scatter(
            x=mine["step"],
            y=mine["mase"],
            mode="lines",
            name=_(label),
            line={
                "color": charts.SERIES[number_],
                "width": 3 if name == used else 1.5,
                "dash": DASHES.get(name, "solid"),
            },
            hovertemplate="%{x}: %{y:.2f}",
        )
    fig.update_yaxes(rangemode="tozero")
    return fig


MASE = N_(
    "Mean absolute scaled error: the error as a multiple of that of repeating the last "
    "season, one step ahead, before the test. Smaller is better."
)
MAE = N_("Mean absolute error of one period, over all that are looked ahead.")
COVERAGE = N_(
    "Intervals from the errors of the first half of the test, checked on its second "
    "half."
)
