"""Churn by contract: how long subscriptions last, who has left, which end soon.

The result is that of recurring revenue, which follows subscriptions from their start.
"""

import pandas as pd
import streamlit as st

from crm.analytics.mrr import CHURNED
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import day, number, percent, plain, rounded
from crm.ui.insight import survival
from crm.ui.insight.churn import ending
from crm.ui.insight.survival import how

KIND = "recurring_revenue"
YEAR = 12  # months


def show() -> None:
    """This part of the page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Recurring revenue"), {}, as_of=as_of)
    st.caption(
        _("A customer leaves with the last subscription, cancelled or not renewed.")
    )
    shown = insight.current(KIND)
    _headline(shown)
    ending.show()
    survival.show(shown)
    insight.made(shown, [_(text) for text in how.METHODS], left_out=False)


def _headline(shown: Analysis) -> None:
    """How many have left within a year, and what went with them."""
    left = lost(insight.table(shown, "movements"), pd.Timestamp(shown.as_of))
    count = left["customer_id"].nunique()
    told = ngettext(
        "{n} customer has ended the last subscription within the year up to {day}",
        "{n} customers have ended their last subscription within the year up to {day}",
        count,
    )
    st.subheader(plain(told.format(n=number(count), day=day(shown.as_of))))
    with st.grid(3, min_column_width=150):
        st.metric(
            _("MRR lost, 12 months"),
            rounded(float((left["before"] - left["after"]).sum())),
            border=True,
            help=_("What those customers brought by the month before they left."),
        )
        st.metric(
            _("Gross retention"),
            percent(shown.summary["gross_retention"]),
            border=True,
            help=_(
                "What is left of the MRR of a year ago, without what customers have "
                "added since."
            ),
        )
        st.metric(
            _("Running subscriptions"), number(shown.summary["running"]), border=True
        )


def lost(movements: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The movements, as in `mrr.MOVEMENTS`, of those who left in the last 12 months."""
    first = as_of.to_period("M") - YEAR + 1
    is_late = movements["month"].dt.to_period("M") >= first
    return movements[is_late & (movements["kind"] == CHURNED)]
