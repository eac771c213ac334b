"""The models side by side, beside simpler answers: figures from later customers."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import bold, number, percent, plain
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.model_evidence import comparison_table
from crm.ui.insight.model_evidence.comparison_table import interval
from crm.ui.insight.purchase import words

CHANCES = ("logistic", "boosting", "forest", "svm_linear", "bg_nbd", "recency",
           "base_rate")  # fmt: skip


def amounts(shown: Analysis) -> None:
    """A row for each model of amounts, and for the same as before."""
    st.markdown(bold(_("How much: the models beside each other")))
    figures: dict[str, dict[str, Any]] = shown.summary["accuracies"]
    seconds: dict[str, float] = shown.summary["seconds"]
    best = shown.summary["best_amount"]
    rows = [
        {
            "model": _named(words.AMOUNTS, name, best),
            **_amount(figures[name]),
            "seconds": seconds.get(name),
        }
        for name in words.AMOUNTS
        if name in figures
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        key="purchase_amounts",
        hide_index=True,
        height="content",
        column_config={
            "model": kinds.TextColumn(_("Model"), pinned=True, width=220),
            "ratio": kinds.TextColumn(_("Predicted / actual"), help=_(RATIO)),
            "deviance": kinds.NumberColumn(
                _("Deviance"), help=_(DEVIANCE), format="%.2f"
            ),
            "gain": kinds.TextColumn(_("Less than as before"), help=_(GAIN)),
            "mae": kinds.TextColumn(words.money(_("Mean error")), help=_(MAE)),
            "rmse": kinds.TextColumn(words.money(_("Root mean square")), help=_(RMSE)),
            "spearman": kinds.NumberColumn(
                _("Rank correlation"), help=_(SPEARMAN), format="%.2f"
            ),
            "top": kinds.TextColumn(_("Share of the top tenth"), help=_(TOP)),
            "coverage": kinds.NumberColumn(
                _("Within 90% interval"), help=_(COVERAGE), format="percent"
            ),
            "seconds": kinds.NumberColumn(
                _("Seconds"), help=_("To learn, once."), format="%.1f"
            ),
        },
    )
    st.caption(plain(_(READ_SO)))
    for note in shown.summary["models_left_out"]:
        st.caption(plain(churn_words.note(note)))


def chances(shown: Analysis) -> None:
    """A row for each model of the probability, and for the two to beat."""
    st.markdown(bold(_("Who: the models beside each other")))
    judged: dict[str, dict[str, Any]] = shown.summary["chances"]
    best = shown.summary["best_chance"]
    rows = [
        {
            "model": _named(churn_words.MODELS, name, best),
            **comparison_table.figures(judged[name]),
        }
        for name in CHANCES
        if name in judged
    ]
    comparison_table.show(
        rows,
        ("model", "auc", "log_loss", "brier", "predicted"),
        key="purchase_chances",
        helps={"auc": AUC, "log_loss": LOSS},
    )
    customers, bought = shown.summary["judged_from"]
    told = _("In fact {share} bought. Probabilities and reasons are those of {model}.")
    model = _(churn_words.MODELS[best])
    share = percent(bought / customers, places=1)
    st.caption(plain(told.format(share=share, model=model)))


def _named(labels: Mapping[str, str], name: str, best: str) -> str:
    label = _(labels[name])
    return _("{model} (best)").format(model=label) if name == best else label


def _amount(one: dict[str, Any]) -> dict[str, Any]:
    gain = one["gain"]
    return {
        "ratio": interval(one["ratio"], "{:.2f}"),
        "deviance": one["deviance"]["value"],
        "gain": interval(gain, "{:.2f}") if gain else "–",
        "mae": _money(one["mae"]),
        "rmse": _money(one["rmse"]),
        "spearman": one["spearman"],
        "top": interval(one["top_share"], "{:.2f}"),
        "coverage": one["coverage"],
    }


def _money(one: dict[str, float]) -> str:
    value, low, high = (number(one[end], places=1) for end in ("value", "low", "high"))
    return f"{value} ({low} … {high})"


RATIO = N_(
    "Sum of the predicted amounts by what came; 1 is right. A model with a small mean "
    "error can be far off here."
)
DEVIANCE = N_(
    "Tweedie deviance, power 1.5, in units of the mean amount: errors weigh in "
    "proportion to what was expected, so neither a few large customers nor the many "
    "who buy nothing decide alone. Smaller is better, and the best model is the one "
    "where it is smallest."
)
GAIN = N_("Deviance of the same as before, less the model's; above 0 is better.")
MAE = N_("Mean absolute error of a customer; predicting next to nothing keeps it low.")
RMSE = N_("Root of the mean squared error: a few large customers decide it.")
SPEARMAN = N_("Between predicted and actual amount: 1 is the right order.")
TOP = N_("Share of the revenue from the tenth of the customers predicted highest.")
COVERAGE = N_(
    "Share of customers within their own interval, made from the errors of others: 90% "
    "is right."
)
AUC = N_("Chance that one who bought was ranked above one who did not; 0.5 is chance.")
LOSS = N_(
    "Mean surprise at what came; smaller is better. Of the three models that can give "
    "reasons (logistic regression, gradient boosting, random forest) the one where it "
    "is smallest is taken."
)
READ_SO = N_(
    "95% intervals in brackets. Look at predicted / actual first: a support vector "
    "machine of the logarithm aims at the middle customer. Where most buy nothing it "
    "may have a small mean error, and its sum is far too low."
)
