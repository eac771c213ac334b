"""The models beside simpler answers, in figures from later customers."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import bold, plain
from crm.ui.insight.churn import words


def show(shown: Analysis) -> None:
    """A row for each model, and for the two that they have to beat."""
    st.markdown(bold(_("Beside simpler answers")))
    customers, left = shown.summary["judged_from"]
    figures: dict[str, dict[str, Any]] = shown.summary["models"]
    rows = [
        _row(_(label), figures[name], left / customers)
        for name, label in words.MODELS.items()
        if name in figures
    ]
    spent = shown.summary.get("card", {}).get("seconds", {})
    for row, name in zip(rows, filter(figures.__contains__, words.MODELS), strict=True):
        row["seconds"] = spent.get(name)
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        key="churn_comparison",
        hide_index=True,
        height="content",
        column_config={
            "model": kinds.TextColumn(_("Model"), pinned=True),
            "auc": kinds.TextColumn(_("AUC (95% interval)"), help=_(AUC)),
            "gain": kinds.TextColumn(_("More than by recency"), help=_(GAIN)),
            "lift": kinds.NumberColumn(_("Lift at 10%"), help=_(LIFT), format="%.2f×"),
            "brier": kinds.NumberColumn(_("Brier score"), help=_(BRIER), format="%.4f"),
            "log_loss": kinds.NumberColumn(_("Log loss"), help=_(LOSS), format="%.4f"),
            "predicted": kinds.NumberColumn(_("Predicted"), format="percent"),
            "actual": kinds.NumberColumn(_("Actual"), format="percent"),
            "slope": kinds.TextColumn(_("Slope"), help=_(SLOPE), alignment="right"),
            "seconds": kinds.NumberColumn(
                _("Seconds"), help=_("To learn, once."), format="%.1f"
            ),
        },
    )
    st.caption(plain(_(ONLY_JUDGED)))
    for note in shown.summary.get("models_left_out", []):
        st.caption(plain(words.note(note)))


def _row(name: str, figures: dict[str, Any], actual: float) -> dict[str, Any]:
    gain, slope = figures["auc_gain"], figures["slope"]
    return {
        "model": name,
        "auc": _interval(figures["auc"], "{:.3f}"),
        "gain": _interval(gain, "{:+.3f}") if gain else "–",
        "lift": figures["lift_10"],
        "brier": figures["brier"],
        "log_loss": figures["log_loss"],
        "predicted": figures["predicted"],
        "actual": actual,
        "slope": "–" if slope is None else f"{slope:.2f}",
    }


def _interval(one: dict[str, float], pattern: str) -> str:
    value, low, high = (pattern.format(one[end]) for end in ("value", "low", "high"))
    return f"{value} ({low} … {high})"


ONLY_JUDGED = N_(
    "Scores and reasons come from logistic regression, gradient boosting and random "
    "forest; the others are judged only, to be compared with. An RBF SVM learns from "
    "at most 8,000 customers. No outcome is weighted and none is drawn again: to reach "
    "more customers, move the limit of the probability."
)
AUC = N_("Chance that one who left was ranked above one who stayed; 0.5 is chance.")
GAIN = N_("AUC less that of the days since the last order alone, 95% interval.")
LIFT = N_("How many times more left among the likeliest tenth than among all.")
BRIER = N_("Mean squared error of the probabilities; smaller is better.")
LOSS = N_("Mean surprise at what came; smaller is better.")
SLOPE = N_(
    "1 is ideal; below it the probabilities are too extreme, above it too timid."
)
