"""The rules as a table."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.ui.format import number, plain
from crm.ui.rules.result import Chosen, Found

ROWS = 300
KEY = "rules_table"
SHARES = ("support", "confidence", "later_confidence")


def show(found: Found, chosen: Chosen) -> None:
    """Draw the best rules; a click on a row picks one."""
    best = chosen.rules.head(ROWS)
    numbers = best.index.tolist()
    at = st.session_state.get(found.picked)
    rows = [numbers.index(at)] if at in numbers else []
    st.session_state[KEY] = {"selection": {"rows": rows}}
    st.dataframe(
        _named(found, best),
        key=KEY,
        hide_index=True,
        column_config=_columns(found.is_checked),
        on_select=lambda: _take(found.picked, numbers, before=rows),
        selection_mode="single-row",
        height=390,
        alt=_("Association rules, the best first"),
    )
    if len(chosen) > ROWS:
        words = _("The first {n} of {all}. The sliders and the search find the others.")
        st.caption(plain(words.format(n=number(ROWS), all=number(len(chosen)))))


def _named(found: Found, best: pd.DataFrame) -> pd.DataFrame:
    """Names for products, percentages for shares."""
    sides = {
        name: [found.side(found.sides[number_][place]) for number_ in best.index]
        for place, name in enumerate(("antecedents", "consequents"))
    }
    measures = ["support", "confidence", "lift", "q_value"]
    if found.is_checked:
        measures += ["later_confidence", "later_lift"]
    named = pd.DataFrame(sides, index=best.index).join(best[measures])
    shares = [name for name in SHARES if name in measures]
    named[shares] *= 100
    return named


def _columns(is_checked: bool) -> dict[str, Any]:
    text, figure = st.column_config.TextColumn, st.column_config.NumberColumn
    columns = {
        "antecedents": text(_("Who buys …"), width=200),
        "consequents": text(_("… also buys"), width=180),
        "support": figure(
            _("Support"),
            help=_("Of all baskets: share with both sides"),
            format="%.1f%%",
            width=70,
        ),
        "confidence": figure(
            _("Confidence"),
            help=_("Of the baskets with the left side: share with both"),
            format="%.1f%%",
            width=85,
        ),
        "lift": figure(
            _("Lift"),
            help=_("Confidence as a multiple of the right side's share in all baskets"),
            format="%.2f",
            width=60,
        ),
        "q_value": figure(
            _("q-value"),
            help=_("Share of false discoveries among all rules up to this one"),
            format="%.1g",
            width=70,
        ),
    }
    if is_checked:
        held = _("On the baskets held out; empty: not seen there")
        columns["later_confidence"] = figure(
            _("In check"), help=held, format="%.1f%%", width=75
        )
        columns["later_lift"] = figure(
            _("Lift, check"), help=held, format="%.2f", width=80
        )
    return columns


def _take(picked: str, numbers: list[int], *, before: list[int]) -> None:
    """Remember the rule of the row that was clicked, as the user saw the rows.

    Streamlit also calls this when nothing was clicked, as the page has set the row.
    """
    rows = st.session_state[KEY].selection.rows
    if rows != before:
        st.session_state[picked] = numbers[rows[0]] if rows else None
