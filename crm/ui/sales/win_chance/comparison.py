"""The models beside simpler answers, in figures from later opportunities."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import plain
from crm.ui.sales.win_chance import words


def show(shown: Analysis, landmark: str) -> None:
    """A row for each model, and for the two that they have to beat."""
    title = _("Beside simpler answers")
    st.markdown(f"**{plain(title)}**")
    figures: dict[str, dict[str, Any]] = shown.summary[landmark]
    actual = float(insight.table(shown, f"judged_{landmark}")["won"].mean())
    best = shown.summary["best"]
    rows = [
        _row(name, figures[name], actual, best)
        for name in words.MODELS
        if name in figures
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        key="win_comparison",
        hide_index=True,
        height="content",
        column_config={
            "model": kinds.TextColumn(_("Model"), pinned=True),
            "auc": kinds.TextColumn(_("AUC (95% interval)"), help=_(AUC)),
            "gain": kinds.TextColumn(_("More than by stage"), help=_(GAIN)),
            "log_loss": kinds.NumberColumn(_("Log loss"), help=_(LOSS), format="%.4f"),
            "brier": kinds.NumberColumn(_("Brier score"), help=_(BRIER), format="%.4f"),
            "lift": kinds.NumberColumn(_("Lift at 10%"), help=_(LIFT), format="%.2f×"),
            "predicted": kinds.NumberColumn(_("Predicted"), format="percent"),
            "actual": kinds.NumberColumn(_("Actual"), format="percent"),
            "slope": kinds.TextColumn(_("Slope"), help=_(SLOPE), alignment="right"),
        },
    )
    st.caption(plain(_(CHOSEN)))


def _row(
    name: str, figures: dict[str, Any], actual: float, best: str
) -> dict[str, Any]:
    label, gain, slope = _(words.MODELS[name]), figures["auc_gain"], figures["slope"]
    is_best = name == best
    return {
        "model": _("{model} (used)").format(model=label) if is_best else label,
        "auc": _interval(figures["auc"], "{:.3f}"),
        "gain": _interval(gain, "{:+.3f}") if gain else "–",
        "log_loss": figures["log_loss"],
        "brier": figures["brier"],
        "lift": figures["lift_10"],
        "predicted": figures["predicted"],
        "actual": actual,
        "slope": "–" if slope is None else f"{slope:.2f}",
    }


def _interval(one: dict[str, float], pattern: str) -> str:
    value, low, high = (pattern.format(one[end]) for end in ("value", "low", "high"))
    return f"{value} ({low} … {high})"


CHOSEN = N_(
    "The model in use surprised less on opportunities of the past that were left out "
    "in turn; how it fares here had no say in that. Figures are over moments, "
    "intervals take the opportunities for independent."
)
AUC = N_("Chance that what was won was ranked above what was lost; 0.5 is by lot.")
GAIN = N_("AUC less that of the stage alone, 95% interval.")
LIFT = N_("How many times more was won among the likeliest tenth than among all.")
BRIER = N_("Mean squared error of the probabilities; smaller is better.")
LOSS = N_("Mean surprise at what came; smaller is better.")
SLOPE = N_(
    "1 is ideal; below it the probabilities are too extreme, above it too timid."
)
