"""What is asked of a stored result; every answer is there at once."""

from typing import Any

import streamlit as st

from crm.analytics.cohorts.cohorts import ALL, Question, first_day, ordinals
from crm.i18n import _
from crm.models import Analysis
from crm.ui import address, insight
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import View, began

USUAL = 12  # periods shown


def question(shown: Analysis) -> Question:
    """The measure, the rows, the time and who counts, as the user chooses them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure: Any = address.choice(_("Measure"), words.MEASURES, "cohorts_measure")
        grouping = address.choice(_("Rows by"), words.GROUPINGS, "cohorts_by")
        unit: Any = address.choice(_("Periods"), words.UNITS, "cohorts_unit")
    with st.container(horizontal=True, vertical_alignment="center"):
        early = _early(shown)
        asked = Question(shown.as_of, unit, grouping, measure, early=early)
        between = _between(shown, asked)
    return Question(shown.as_of, unit, grouping, measure, between, early)


def periods(view: View) -> int:
    """How many periods after the first to show."""
    most = int(view.found.average["period"].max())
    if most <= USUAL:
        return most
    options = {one: str(one) for one in (USUAL, 2 * USUAL) if one < most}
    options |= {most: _("All {n}").format(n=most)}
    label = _("Months shown") if view.question.unit == "month" else _("Quarters shown")
    chosen = st.segmented_control(
        label,
        list(options),
        default=USUAL,
        required=True,
        format_func=options.__getitem__,
        key=f"cohorts_periods_{view.key}",
    )
    return int(chosen or USUAL)


def _early(shown: Analysis) -> bool:
    """Whether those count who were entered before the first order on record."""
    early, everybody = shown.summary["early"], shown.summary["customers"]
    if not 0 < early < everybody:
        return True
    only = st.toggle(
        _("Only new customers"),
        value=True,
        key=f"cohorts_new_{shown.id}",
        help=_(
            "Leaves out those who were entered before the first order on record: "
            "they may have bought before, so when they began is not known."
        ),
    )
    return not only


def _between(shown: Analysis, asked: Question) -> Any:
    """The first days of the first and last time of first orders, as chosen."""
    cells = insight.table(shown, "cells")
    kept = (cells["unit"] == asked.unit) & (cells["grouping"] == ALL)
    if not asked.early:
        kept &= ~cells["early"]
    known = sorted(set(ordinals(cells.loc[kept, "cohort"], asked.unit)))
    if len(known) < 2:
        return None
    first, last = st.select_slider(
        _("First order between"),
        options=known,
        value=(known[0], known[-1]),
        format_func=lambda row: began(row, asked),
        key=f"cohorts_between_{shown.id}_{asked.unit}_{asked.early}",
        width=360,
    )
    return first_day(first, asked.unit), first_day(last, asked.unit)
