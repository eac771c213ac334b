"""The number still running at some times: what the curves stand on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.survival.survival import Curve
from crm.i18n import _
from crm.ui.format import number
from crm.ui.insight.survival.words import MONTH

COLUMNS = 6


def show(found: Mapping[str, Curve]) -> None:
    """A row for each curve."""
    longest = max(one.longest for one in found.values()) / MONTH
    step = next(n for n in (1, 3, 6, 12, 24, 60, 240, 1200) if longest / n <= COLUMNS)
    times = range(0, int(longest) + 1, step)
    rows = [
        {"name": name} | {str(month): at_risk(one, month * MONTH) for month in times}
        for name, one in found.items()
    ]
    st.caption(_("Still running, and so behind the curve, after so many months:"))
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("", pinned=True),
            **{str(month): _count(month) for month in times},
        },
    )


def _count(month: int) -> Any:
    return st.column_config.NumberColumn(number(month), format="localized")


def at_risk(one: Curve, days: float) -> int:
    """How many run longer than so many days, as far as is known."""
    return int((one.days > days).sum()) if days else one.subscriptions
