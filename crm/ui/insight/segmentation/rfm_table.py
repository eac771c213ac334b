"""Every segment with its figures, and what to do about it."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.segmentation.rfm import Segmentation
from crm.i18n import _
from crm.ui.insight.segmentation import words
from crm.ui.insight.segmentation.rfm_look import Look

COLUMNS = [
    *("segment", "customers", "share", "revenue_share", "meaning"),
    *("recency", "frequency", "monetary", "revenue"),
]


def show(found: Segmentation, look: Look, pick: Callable[[str], None]) -> None:
    """The table; a click on a name calls `pick` with the segment."""
    names = list(found.segments.index)
    st.dataframe(
        _told(found, names),
        key="rfm_table",
        hide_index=True,
        height="content",
        column_order=COLUMNS,
        column_config=_columns(look)
        | {
            "segment": st.column_config.ButtonColumn(
                _("Segment"),
                type="tertiary",
                alignment="left",
                pinned=True,
                key="rfm_segment",
                on_click=_pick,
                args=[names, pick],
            )
        },
    )


def rules(found: Segmentation) -> None:
    """How segments get their names."""
    with st.expander(_("How segments are named"), icon=":material/rule:"):
        st.caption(_("The first line that fits a customer's scores names the segment."))
        rows = words.rules(found.rules)
        st.table(
            pd.DataFrame(rows, columns=[_("Segment"), "R", "F", "M"]), hide_index=True
        )


def _told(found: Segmentation, names: list[str]) -> pd.DataFrame:
    meanings = [
        _(words.MEANINGS[name]) if name in words.MEANINGS else "" for name in names
    ]
    table = found.segments.reset_index(drop=True)
    table[["share", "revenue_share"]] *= 100
    table = table.round({"revenue": 0, "monetary": 2})
    return table.assign(segment=[_(name) for name in names], meaning=meanings)


def _columns(look: Look) -> dict[str, Any]:
    kinds = st.column_config
    value = _("Median revenue") if look.total else _("Median order value")
    return {
        "customers": kinds.NumberColumn(_("Customers"), format="localized"),
        "share": kinds.NumberColumn(_("Share"), format="%.1f %%"),
        "revenue": kinds.NumberColumn(_("Revenue"), format="localized"),
        "revenue_share": kinds.NumberColumn(_("Share of revenue"), format="%.1f %%"),
        "recency": kinds.NumberColumn(_("Median days"), format="localized"),
        "frequency": kinds.NumberColumn(_("Median orders"), format="localized"),
        "monetary": kinds.NumberColumn(value, format="localized"),
        "meaning": kinds.TextColumn(_("What it means"), width=400),
    }


def _pick(names: list[str], pick: Callable[[str], None]) -> None:
    row = st.session_state["rfm_segment"].row
    if row is not None and row < len(names):
        pick(names[row])
