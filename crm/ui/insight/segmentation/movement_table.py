"""The flows between groups as a table."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.ui.insight.segmentation import movement_words
from crm.ui.insight.segmentation.movement_words import Flow


def show(shown: Analysis, flows: pd.DataFrame, pick: Callable[[Flow], None]) -> None:
    """Who moved first, the largest flows on top; a click on a name calls `pick`."""
    table = flows.assign(stayed=flows["before"] == flows["after"]).sort_values(
        ["stayed", "customers"], ascending=[True, False], kind="stable"
    )
    pairs = [
        (int(before), int(after))
        for before, after in zip(table["before"], table["after"], strict=True)
    ]
    kinds = st.column_config
    st.dataframe(
        table.assign(
            move=[movement_words.flow(shown, one) for one in pairs],
            share=100 * table["share"],
            revenue=table["revenue"].round(0),
        )[["move", "customers", "share", "revenue"]],
        key="migration_table",
        hide_index=True,
        height=420,
        column_config={
            "move": kinds.ButtonColumn(
                _("Movement"),
                type="tertiary",
                alignment="left",
                pinned=True,
                key="migration_move",
                on_click=_pick,
                args=[pairs, pick],
            ),
            "customers": kinds.NumberColumn(_("Customers"), format="localized"),
            "share": kinds.NumberColumn(
                _("Share"), help=_("Of the group before."), format="%.1f %%"
            ),
            "revenue": kinds.NumberColumn(_("Revenue"), format="localized"),
        },
    )


def _pick(pairs: list[Flow], pick: Callable[[Flow], None]) -> None:
    row = st.session_state["migration_move"].row
    if row is not None and row < len(pairs):
        pick(pairs[row])
