"""The models beside simpler answers, in figures from later customers."""

from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import bold, plain
from crm.ui.insight.churn import words
from crm.ui.insight.model_evidence import comparison_table

COLUMNS = (
    *("model", "auc", "gain", "lift", "brier", "log_loss"),
    *("predicted", "actual", "slope", "seconds"),
)


def show(shown: Analysis) -> None:
    """A row for each model, and for the two that they have to beat."""
    st.markdown(bold(_("Beside simpler answers")))
    customers, left = shown.summary["judged_from"]
    judged: dict[str, dict[str, Any]] = shown.summary["models"]
    spent = shown.summary.get("card", {}).get("seconds", {})
    rows = [
        {
            "model": _(label),
            **comparison_table.figures(judged[name]),
            "actual": left / customers,
            "seconds": spent.get(name),
        }
        for name, label in words.MODELS.items()
        if name in judged
    ]
    comparison_table.show(
        rows,
        COLUMNS,
        key="churn_comparison",
        helps={"auc": AUC, "gain": GAIN, "lift": LIFT},
        gain=N_("More than by recency"),
    )
    st.caption(plain(_(ONLY_JUDGED)))
    for note in shown.summary.get("models_left_out", []):
        st.caption(plain(words.note(note)))


ONLY_JUDGED = N_(
    "Scores and reasons come from logistic regression, gradient boosting and random "
    "forest; the others are judged only, to be compared with. An RBF SVM learns from "
    "at most 8,000 customers. No outcome is weighted and none is drawn again: to reach "
    "more customers, move the limit of the probability."
)
AUC = N_("Chance that one who left was ranked above one who stayed; 0.5 is chance.")
GAIN = N_("AUC less that of the days since the last order alone, 95% interval.")
LIFT = N_("How many times more left among the likeliest tenth than among all.")
