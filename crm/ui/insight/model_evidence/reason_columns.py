"""Reasons of a score as columns of a table, in words."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.reasons import Reason, reasons
from crm.i18n import N_, _

LABELS = {
    "first": N_("First reason"),
    "second": N_("Second reason"),
    "third": N_("Third reason"),
}


def told(rows: pd.DataFrame, in_words: Callable[[Reason], str]) -> pd.DataFrame:
    """The reasons of each row, empty where there are fewer than three."""
    texts = [
        [*map(in_words, reasons(row)), "", "", ""][:3]
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(texts, columns=list(LABELS), index=rows.index, dtype="str")


def config(width: int) -> dict[str, Any]:
    """How they are shown, each so many pixels wide."""
    return {
        name: st.column_config.TextColumn(_(label), width=width)
        for name, label in LABELS.items()
    }
