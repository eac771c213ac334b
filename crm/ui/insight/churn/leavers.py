"""The customers by probability: filter, table, what to do with them."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.services import candidates
from crm.ui import insight, ordered, ranking, ranking_filter
from crm.ui.format import day, number, plain, rounded
from crm.ui.insight.churn import limits, words
from crm.ui.insight.model_evidence import reason_columns
from crm.ui.ordered import Kept
from crm.ui.ranking import Ranked

LIKELY = 50  # percent
FEW = 10
ROW = 60  # pixels, for three lines of text
ORDERS = {"at_risk": N_("Revenue at risk"), "probability": N_("Probability")}


def show(shown: Analysis, model: str) -> None:
    """The filter, and the customers that it leaves."""
    st.subheader(_("Whom to act on"))
    scores = insight.table(shown, f"scores_{model}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        low, high = _probability(shown, scores)
        least = limits.least_revenue()
        order = ranking_filter.order(ORDERS, "churn_order")
    best = ordered.customers(shown, f"scores_{model}", order)
    within = best["probability"].between(low / 100, high / 100)
    kept = ordered.kept(best, within & (best["revenue_180"] >= least))
    st.markdown(plain(_summary(len(best), kept)))
    name = _("Will not order in {days} days, {low}–{high}%, {day}").format(
        days=shown.summary["horizon"], low=low, high=high, day=day(shown.as_of)
    )
    description = _("{model}, probability {low}–{high}%, revenue from {least}").format(
        model=_(words.MODELS[model]), low=low, high=high, least=number(least)
    )
    propose = partial(candidates.win_back, shown, least=0, overdue=0)
    ranked = Ranked(kept, name, description, _columns, _config(), propose, asks=True)
    ranking.show(shown, ranked, key="churn", row_height=ROW)
    st.caption(_("▲ makes it likelier that no order comes, ▼ less likely."))


def _probability(shown: Analysis, scores: pd.DataFrame) -> tuple[int, int]:
    """From and to, in percent."""
    likely = (scores["probability"] >= LIKELY / 100).sum()
    customers, left = shown.summary["judged_from"]
    start = LIKELY if likely >= FEW else int(100 * left / customers) // 5 * 5
    return ranking_filter.percents(
        _("Probability, in percent"), f"churn_probability_{shown.id}", least=start
    )


def _summary(customers: int, kept: Kept) -> str:
    told = _(
        "{count} of {customers} customers; about {expected} of them will not order. "
        "Revenue at risk: {amount}."
    )
    return told.format(
        count=number(len(kept)),
        customers=number(customers),
        expected=number(round(kept.total("probability"))),
        amount=rounded(kept.total("at_risk")),
    )


def _config() -> dict[str, Any]:
    kinds = st.column_config
    return {
        "probability": kinds.ProgressColumn(
            _("Probability"), format="percent", min_value=0, max_value=1, width=105
        ),
        "at_risk": kinds.NumberColumn(
            _("Revenue at risk"), format="localized", width=105
        ),
        **reason_columns.config(width=150),
        "revenue_180": kinds.NumberColumn(_("Revenue, 180 days"), format="localized"),
    }


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    """What is shown and exported of each customer, reasons in words."""
    why = reason_columns.told(rows, words.reason)
    figures = rows[["probability", "at_risk", "revenue_180"]]
    return figures.round({"probability": 3, "at_risk": 0, "revenue_180": 0}).join(why)
