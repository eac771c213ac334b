"""The rules as a table."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.ui.format import number, plain
from crm.ui.insight.rules.result import Chosen, Found

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
    columns = _columns(found.is_checked)
    st.dataframe(
        _named(found, best, list(columns)),
        key=KEY,
        hide_index=True,
        column_config=columns,
        on_select=lambda: _take(found.picked, numbers, before=rows),
        selection_mode="single-row",
        height=390,
        alt=_("Association rules, the best first"),
    )
    if len(chosen) > ROWS:
        words = _("The first {n} of {all}. The sliders and the search find the others.")
        st.caption(plain(words.format(n=number(ROWS), all=number(len(chosen)))))


def _named(found: Found, best: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Names for products, percentages for shares."""
    named = best.assign(
        antecedents=[found.side(found.sides[at][0]) for at in best.index],
        consequents=[found.side(found.sides[at][1]) for at in best.index],
    )[columns]
    shares = [name for name in SHARES if name in columns]
    named[shares] *= 100
    return named


def _columns(is_checked: bool) -> dict[str, Any]:
    text = st.column_config.TextColumn
    columns = {
        "antecedents": text(_("Who buys …"), width=170),
        "consequents": text(_("… also buys"), width=160),
        "support": _share(_("Support"), _("Of all baskets: share with both sides"), 62),
        "confidence": _share(
            _("Confidence"), _("Of the baskets with the left side: share with both"), 80
        ),
        "lift": _ratio(
            _("Lift"),
            _("Confidence as a multiple of the right side's share in all baskets"),
            55,
        ),
        "q_value": _chance(
            _("q-value"), _("Share of false discoveries among all rules up to this one")
        ),
        "holm": _chance(
            _("Holm"),
            _("Chance of even one false discovery among all rules up to this one"),
        ),
    }
    if not is_checked:
        return columns
    held = _("On the baskets held out; empty: not seen there")
    return columns | {
        "later_confidence": _share(_("In check"), held, 70),
        "later_lift": _ratio(_("Lift, check"), held, 78),
    }


def _share(label: str, told: str, width: int) -> Any:
    figure = st.column_config.NumberColumn
    return figure(label, help=told, format="%.1f%%", width=width)


def _ratio(label: str, told: str, width: int) -> Any:
    return st.column_config.NumberColumn(label, help=told, format="%.2f", width=width)


def _chance(label: str, told: str) -> Any:
    return st.column_config.NumberColumn(label, help=told, format="%.1g", width=66)


def _take(picked: str, numbers: list[int], *, before: list[int]) -> None:
    """Remember the rule of the row that was clicked, as the user saw the rows.

    Streamlit also calls this when nothing was clicked, as the page has set the row.
    """
    rows = st.session_state[KEY].selection.rows
    if rows != before:
        st.session_state[picked] = numbers[rows[0]] if rows else None
