"""The reasons for which a check tells about rows, with how many rows each has."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.services.imports import runs
from crm.services.imports.steps import SAMPLE, SAMPLE_OF_KIND
from crm.ui.format import number
from crm.ui.imports import state, words

TALL = 12  # reasons that are shown without scrolling
Group = tuple[runs.Outcome, str | None, str]
_PARTICULAR = re.compile(r"“[^”]*”|\d+")  # what differs between reasons that are alike


def grouped(issues: Iterable[runs.Issue]) -> dict[Group, list[runs.Issue]]:
    """The rows by what became of them and why; failed ones first."""
    groups: dict[Group, list[runs.Issue]] = {}
    for issue in issues:
        alike = _PARTICULAR.sub("…", issue.reason)
        groups.setdefault((issue.outcome, issue.column, alike), []).append(issue)
    ranks = list(words.OUTCOMES)
    return dict(sorted(groups.items(), key=lambda item: ranks.index(item[0][0])))


def choose(one: runs.Import, kept: Sequence[runs.Issue]) -> list[runs.Issue]:
    """The reasons with their counts; the rows of the one that is chosen."""
    groups = grouped(kept)
    table = [
        {
            "rows": _count(len(issues), len(kept)),
            "outcome": _(words.OUTCOMES[group[0]]),
            "column": group[1] or "",
            "reason": issues[0].reason,
        }
        for group, issues in groups.items()
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
    places: list[int] = [row for row in event.selection.rows if row < len(table)]
    return list(groups.values())[places[0] if places else 0]


def _count(issues: int, kept: int) -> str:
    """How many rows; with a + where the check has kept the first ones only."""
    more = issues >= SAMPLE_OF_KIND or kept >= SAMPLE
    return number(issues) + ("+" if more else "")
