"""The models beside simpler answers, in figures from later opportunities."""

from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import bold, plain
from crm.ui.insight.model_evidence import comparison_table
from crm.ui.sales.win_chance import words

COLUMNS = (
    *("model", "auc", "gain", "log_loss", "brier", "lift"),
    *("predicted", "actual", "slope"),
)


def show(shown: Analysis, landmark: str) -> None:
    """A row for each model, and for the two that they have to beat."""
    st.markdown(bold(_("Beside simpler answers")))
    judged: dict[str, dict[str, Any]] = shown.summary[landmark]
    actual = float(insight.table(shown, f"judged_{landmark}")["won"].mean())
    rows = [
        {
            "model": _named(name, shown.summary["best"]),
            **comparison_table.figures(judged[name]),
            "actual": actual,
        }
        for name in words.MODELS
        if name in judged
    ]
    comparison_table.show(
        rows,
        COLUMNS,
        key="win_comparison",
        helps={"auc": AUC, "gain": GAIN, "lift": LIFT},
        gain=N_("More than by stage"),
    )
    st.caption(plain(_(CHOSEN)))


def _named(name: str, best: str) -> str:
    label = _(words.MODELS[name])
    return _("{model} (used)").format(model=label) if name == best else label


CHOSEN = N_(
    "The model in use surprised less on opportunities of the past that were left out "
    "in turn; how it fares here had no say in that. Figures are over moments, "
    "intervals take the opportunities for independent."
)
AUC = N_("Chance that what was won was ranked above what was lost; 0.5 is by lot.")
GAIN = N_("AUC less that of the stage alone, 95% interval.")
LIFT = N_("How many times more was won among the likeliest tenth than among all.")
