"""Groups beside each other: how many last a year, and half of them how long."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from crm.analytics.survival.survival import Curve
from crm.i18n import _
from crm.ui.format import percent
from crm.ui.insight.survival import words

YEAR = 365  # days


def show(found: Mapping[str, Curve]) -> None:
    """A row for each curve."""
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame([_row(name, one) for name, one in found.items()]),
        hide_index=True,
        column_config={
            "name": kinds.TextColumn("", pinned=True),
            "n": kinds.NumberColumn(_("Subscriptions"), format="localized"),
            "ended": kinds.NumberColumn(_("Ended"), format="localized"),
            "year": kinds.TextColumn(_("Last longer than a year")),
            "median": kinds.TextColumn(_("Half last longer than, in months")),
        },
    )


def _row(name: str, one: Curve) -> dict[str, object]:
    share, low, high = one.at(YEAR)
    year = f"{percent(share)} ({percent(low)} – {percent(high)})"
    median = (
        f"{words.months(one.median)} ({words.limit(one.median_low)} – "
        f"{words.limit(one.median_high)})"
        if one.median is not None
        else _("not reached")
    )
    return {
        "name": name,
        "n": one.subscriptions,
        "ended": one.ended,
        "year": year if one.longest >= YEAR else None,
        "median": median,
    }
