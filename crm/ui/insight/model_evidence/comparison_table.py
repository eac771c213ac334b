"""Figures of models beside each other, each column with a word on how to read it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _


def show(
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    *,
    key: str,
    helps: Mapping[str, str],
    gain: str = "",
) -> None:
    """A row for each model.

    Args:
        rows: `model`, what `figures` makes, perhaps `actual` and `seconds`.
        columns: those to show of them, in this order.
        helps: what to say of a column, where the words depend on the subject; they
            are to be translated.
        gain: the title of the column of that name: more than what? Likewise.
    """
    st.dataframe(
        pd.DataFrame(rows, columns=list(columns)),
        key=key,
        hide_index=True,
        height="content",
        column_config=_config({**HELPS, **helps}, gain),
    )


def figures(judged: Mapping[str, Any]) -> dict[str, Any]:
    """What was found of a model, as an `Evaluation` without its curves has it."""
    gain, slope = judged["auc_gain"], judged["slope"]
    return {
        "auc": interval(judged["auc"], "{:.3f}"),
        "gain": interval(gain, "{:+.3f}") if gain else "–",
        "lift": judged["lift_10"],
        "brier": judged["brier"],
        "log_loss": judged["log_loss"],
        "predicted": judged["predicted"],
        "slope": "–" if slope is None else f"{slope:.2f}",
    }


def interval(one: Mapping[str, float], pattern: str) -> str:
    """Such as “0.712 (0.690 … 0.734)”."""
    value, low, high = (pattern.format(one[end]) for end in ("value", "low", "high"))
    return f"{value} ({low} … {high})"


def _config(helps: Mapping[str, str], gain: str) -> dict[str, Any]:
    kinds = st.column_config
    told = {name: _(text) for name, text in helps.items()}

    def text(name: str, label: str, **more: Any) -> Any:
        return kinds.TextColumn(label, help=told.get(name), **more)

    def number(name: str, label: str, pattern: str) -> Any:
        return kinds.NumberColumn(label, help=told.get(name), format=pattern)

    return {
        "model": text("model", _("Model"), pinned=True),
        "auc": text("auc", _("AUC (95% interval)")),
        "gain": text("gain", _(gain) if gain else ""),
        "lift": number("lift", _("Lift at 10%"), "%.2f×"),
        "brier": number("brier", _("Brier score"), "%.4f"),
        "log_loss": number("log_loss", _("Log loss"), "%.4f"),
        "predicted": number("predicted", _("Predicted"), "percent"),
        "actual": number("actual", _("Actual"), "percent"),
        "slope": text("slope", _("Slope"), alignment="right"),
        "seconds": number("seconds", _("Seconds"), "%.1f"),
    }


HELPS = {
    "brier": N_("Mean squared error of the probabilities; smaller is better."),
    "log_loss": N_("Mean surprise at what came; smaller is better."),
    "slope": N_(
        "1 is ideal; below it the probabilities are too extreme, above it too timid."
    ),
    "seconds": N_("To learn, once."),
}
