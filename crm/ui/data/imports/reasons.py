"""The reasons for which a check tells about rows, with how many rows each has."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.services.imports import runs
from crm.ui.data.imports import state, words
from crm.ui.format import number, plain

TALL = 12  # reasons that are shown without scrolling


def ranked(reasons: Iterable[runs.Alike]) -> list[runs.Alike]:
    """Failed rows first, then what has most rows."""
    ranks = list(words.OUTCOMES)
    return sorted(reasons, key=lambda one: (ranks.index(one.outcome), -one.rows))


def choose(one: runs.Import, found: Sequence[runs.Alike]) -> runs.Alike:
    """The reasons with their counts; the one that is chosen, else the first."""
    reasons = ranked(found)
    table = [
        {
            "rows": number(reason.rows),
            "outcome": _(words.OUTCOMES[reason.outcome]),
            "column": reason.column or "",
            "reason": reason.reason,
        }
        for reason in reasons
    ]
    event: Any = st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        height="content" if len(table) <= TALL else "auto",
        key=state.key(one, "reasons"),
        on_select="rerun",
        selection_mode="single-row-required",
        column_config={
            "rows": st.column_config.TextColumn(
                _("Rows"), width="small", alignment="right"
            ),
            "outcome": _("Outcome"),
            "column": _("Column"),
            "reason": st.column_config.TextColumn(_("Reason"), width="large"),
        },
    )
    places: list[int] = [row for row in event.selection.rows if row < len(reasons)]
    return reasons[places[0] if places else 0]


def rest(chosen: runs.Alike) -> None:
    """Where there are more rows than are shown: how many, and where they will be."""
    if chosen.rows > len(chosen.issues):
        said = _(
            "The first {n} of {rows}. After the import, all of them are in its report."
        )
        shown, rows = number(len(chosen.issues)), words.rows(chosen.rows)
        st.caption(plain(said.format(n=shown, rows=rows)))
