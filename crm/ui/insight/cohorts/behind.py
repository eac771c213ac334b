"""The customers behind a cell that was clicked: those who came back, or the others."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.cohorts.cohort_members import members
from crm.i18n import N_, _
from crm.ui import insight, ranking
from crm.ui.format import number, plain
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import AVERAGE, View
from crm.ui.ranking import Ranked

ACTIVE = {True: N_("Ordered ({n})"), False: N_("Did not order ({n})")}


def show(view: View, picked: tuple[int, int] | None) -> None:
    """Nothing until a cell is clicked."""
    if picked is None:
        return
    row, period = picked
    found = members(
        insight.table(view.shown, "customers"),
        view.question,
        None if row == AVERAGE else row,
        period,
    )
    when = words.later(period, view.question) if period else _("all customers")
    title = f"{view.name(row)}: {when}"
    with st.container(border=True):
        st.markdown(f"**{plain(title)}**")
        active = _which(view, found, picked)
        kept = found[found["active"] == active]
        did = _("ordered") if active else _("did not order")
        ranked = Ranked(
            kept,
            _("Cohort {title}, {did}").format(title=title, did=did),
            _("By the cohorts as of {day}").format(day=view.shown.as_of.isoformat()),
            _columns,
            _config(),
        )
        ranking.show(view.shown, ranked, key="cohorts")


def _which(view: View, found: pd.DataFrame, picked: tuple[int, int]) -> bool:
    counts = {active: int((found["active"] == active).sum()) for active in ACTIVE}
    if not picked[1]:
        return True
    chosen = st.segmented_control(
        _("Customers who in that period"),
        list(ACTIVE),
        default=False,
        required=True,
        format_func=lambda one: _(ACTIVE[one]).format(n=number(counts[one])),
        key=f"cohorts_active_{view.key}_{picked[0]}_{picked[1]}",
        label_visibility="collapsed",
    )
    return bool(chosen)


def _config() -> dict[str, Any]:
    kinds = st.column_config
    return {
        "cohort": kinds.TextColumn(_("First order")),
        "months": kinds.NumberColumn(_("Months with an order")),
        "last": kinds.TextColumn(_("Last order")),
    }


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    """Months as text, such as 2026-03."""
    table = rows[["cohort", "months", "last"]]
    return table.assign(
        cohort=table["cohort"].dt.strftime("%Y-%m"),
        last=table["last"].dt.strftime("%Y-%m"),
    )
