"""How long subscriptions last: curves, whether groups differ, what goes with it.

Shown on the page of recurring revenue, and on that of churn.
"""

import pandas as pd
import streamlit as st

from crm.analytics.survival.log_rank import log_rank
from crm.analytics.survival.survival import FIELDS, Curve, curve
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.models import Analysis
from crm.ui import address, charts, insight
from crm.ui.format import plain
from crm.ui.insight.survival import at_risk, curves, groups, ratios, words
from crm.ui.insight.survival.names import Names

ALL = "all"
GROUPS = 6  # curves at most


def show(shown: Analysis) -> None:
    """The part of the page about how long subscriptions last."""
    st.subheader(_("How long they last"))
    table, names = insight.table(shown, "lifetimes"), Names.of(shown)
    field = _field(table, names)
    try:
        found = _curves(table, field, names)
    except NotEnoughData as error:
        st.info(plain(error), icon=":material/info:")
        return
    if field == ALL:
        st.markdown(plain(words.conclusion(found[_("All")])))
    else:
        _compared(table, field)
        groups.show(found)
    charts.show(
        curves.figure(found),
        key=f"survival_{shown.id}_{field}",
        alt=_("Share of subscriptions still running, by months since the start"),
        x=_("Months since the start"),
        y=_("Share still running"),
        height=340,
    )
    at_risk.show(found)
    ratios.show(shown, names)


def _field(table: pd.DataFrame, names: Names) -> str:
    """All together, or by a field in which they differ."""
    options = {ALL: _("All subscriptions")}
    options |= {
        name: names.field(name)
        for name in (*FIELDS, *names.labels)
        if len(table[name].unique()) > 1
    }
    return address.menu(_("Compare by"), options, "survival_by", usual=ALL, width=220)


def _curves(table: pd.DataFrame, field: str, names: Names) -> dict[str, Curve]:
    """A curve for each of the largest groups that make one, by name.

    Raises:
        NotEnoughData: there is not a single one.
    """
    if field == ALL:
        return {_("All"): curve(table["days"], table["ended"])}
    found: dict[str, Curve] = {}
    for level in table[field].value_counts().index[:GROUPS]:
        mine = table[table[field] == level]
        try:
            found[names.level(field, level)] = curve(mine["days"], mine["ended"])
        except NotEnoughData as error:
            last = error
    if not found:
        raise last
    return found


def _compared(table: pd.DataFrame, field: str) -> None:
    """Whether all groups, the small ones too, last equally long."""
    try:
        tested = log_rank(table["days"], table["ended"], table[field])
    except NotEnoughData as error:
        st.caption(plain(error))
    else:
        st.markdown(plain(words.tested(tested)))
