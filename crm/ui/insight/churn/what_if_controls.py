"""Sliders and menus for the features of one customer."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.churn.churn_features import FEATURES, GROUPS
from crm.i18n import _
from crm.ui.insight.churn import words

LEAST = {"recency": 365, "frequency": 20, "products": 20, "monetary": 1000}
USUAL = 10  # the other sliders go at least so far
NUMBERS = (
    *("recency", "sales_90", "sales_before_90", "frequency"),
    *("monetary", "products", "returned"),
    *("tickets_90", "tickets_before_90", "open_problems"),
)


def changes(
    known: Mapping[str, Any], coefficients: pd.DataFrame, key: str
) -> dict[str, Any]:
    """What the user has changed of the features that the model weighs."""
    weighed = set(coefficients["feature"])
    chosen: dict[str, Any] = {}
    with st.grid(3, min_column_width=220):
        for name in [name for name in NUMBERS if name in weighed]:
            chosen[name] = _number(name, float(known[name]), key)
        for group in [group for group in GROUPS if group in weighed]:
            levels = coefficients.loc[coefficients["feature"] == group, "level"]
            chosen[group] = _word(group, known[group], levels.tolist(), key)
    return {name: one for name, one in chosen.items() if one != _start(known[name])}


def reset(key: str) -> None:
    """Set all of them back to what the customer is."""
    for name in [name for name in st.session_state if str(name).startswith(key)]:
        del st.session_state[name]


def _start(value: Any) -> Any:
    return value if isinstance(value, str) else _shown(value)


def _shown(value: float) -> float:
    return float(round(value, 2))


def _number(name: str, value: float, key: str) -> float:
    start = _shown(value)
    if name == "returned":
        top, step, pattern = 1.0, 0.01, "percent"
    else:
        top = float(max(LEAST.get(name, USUAL), 2 * start))
        step, pattern = 1.0, "%.0f"
    return st.slider(
        _(FEATURES[name]),
        min(start, 0.0),
        top,
        start,
        step=step,
        format=pattern,
        key=f"{key}_{name}",
    )


def _word(group: str, value: str, levels: list[str], key: str) -> str:
    options = list(dict.fromkeys([value, *levels]))
    return str(
        st.selectbox(
            _(GROUPS[group]),
            options,
            format_func=lambda word: words.entered(group, word),
            key=f"{key}_{group}",
        )
    )
