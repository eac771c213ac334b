"""The customers by the plain rule: how overdue they are against their own rhythm."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.services import candidates
from crm.ui import insight, ordered, ranking
from crm.ui.format import day, number, plain
from crm.ui.insight.churn import limits
from crm.ui.ranking import Ranked


def show(shown: Analysis) -> None:
    """The filter, and the customers that it leaves."""
    st.subheader(_("Whom to act on"))
    scores = insight.table(shown, "scores_rule")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        times = st.slider(
            _("Overdue, in usual gaps, at least"),
            0.0,
            10.0,
            2.0,
            step=0.5,
            format="%.1f×",
            key=f"churn_overdue_{shown.id}",
            width=280,
        )
        least = limits.least_revenue()
    within = (scores["overdue"] >= times) & (scores["revenue_180"] >= least)
    kept = ordered.kept(scores, within)
    told = _("{count} of {customers} customers")
    st.markdown(
        plain(told.format(count=number(len(kept)), customers=number(len(scores))))
    )
    name = _("Overdue by {times} usual gaps, {day}").format(
        times=number(times, places=1), day=day(shown.as_of)
    )
    description = _("By a plain rule, without probabilities")
    propose = partial(candidates.win_back, shown, least=0, overdue=0)
    ranked = Ranked(kept, name, description, _columns, _config(), propose, asks=True)
    ranking.show(shown, ranked, key="churn")


def _config() -> dict[str, Any]:
    kinds = st.column_config
    return {
        "overdue": kinds.NumberColumn(_("Overdue, in usual gaps"), format="%.1f×"),
        "recency": kinds.NumberColumn(_("Days since the last order")),
        "usual_gap": kinds.NumberColumn(_("Usual gap, days"), format="%.0f"),
        "own_gap": kinds.CheckboxColumn(
            _("Own rhythm"),
            help=_("Otherwise the median of the others, for want of a second order."),
        ),
        "revenue_180": kinds.NumberColumn(_("Revenue, 180 days"), format="localized"),
    }


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["overdue", "recency", "usual_gap", "own_gap", "revenue_180"]]
