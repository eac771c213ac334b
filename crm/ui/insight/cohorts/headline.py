"""The conclusion first: who comes back, on average over all rows."""

from typing import Any

import streamlit as st

from crm.analytics.cohorts.cohorts import ALL
from crm.i18n import N_, _
from crm.ui.format import plain
from crm.ui.insight.cohorts import words
from crm.ui.insight.cohorts.view import View

USUAL = {"month": (1, 3, 6, 12, 24), "quarter": (1, 2, 4, 8, 12)}
TOLD = {
    "customers": N_("{value} of the customers order {later}"),
    "revenue": N_("{value} of the first net sales come again {later}"),
    "orders": N_("{value} orders per 100 customers {later}"),
}


def show(view: View) -> None:
    """A sentence about one period, and figures of several."""
    known = view.trusted().set_index("period")
    question = view.question
    if known.empty:
        st.info(
            _("So few customers are behind every figure that it says little."),
            icon=":material/info:",
        )
        return
    periods = [one for one in USUAL[question.unit] if one in known.index]
    period = periods[min(1, len(periods) - 1)] if periods else int(known.index[0])
    value = words.figure(known.loc[period, "value"], question.measure)
    told = _(TOLD[question.measure])
    later = words.later(period, question)
    st.subheader(plain(told.format(value=value, later=later)))
    with st.grid(max(len(periods), 1), min_column_width=130):
        for one in periods or [period]:
            _figure(view, one, known.loc[one])
    if question.grouping == ALL:
        st.caption(_("Averages over all cohorts, each customer counting alike."))


def _figure(view: View, period: int, row: Any) -> None:
    measure = view.question.measure
    interval = words.interval(row["low"], row["high"], measure)
    known = [interval, words.customers(row["observed"])]
    st.metric(
        _("After {n}").format(n=words.span(period, view.question)),
        words.figure(row["value"], measure),
        border=True,
        help=plain(" · ".join(filter(None, known))),
    )
