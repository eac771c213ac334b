"""The next purchase of one customer, for its own page."""

import streamlit as st

from crm.analytics.reasons import reasons
from crm.i18n import _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent, plain, rounded
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.model_evidence import figures


def show(shown: Analysis, customer_id: int) -> None:
    """Probability and amount with its interval, and what moves the probability."""
    customers = insight.table(shown, "customers")
    found = customers[customers["customer_id"] == customer_id]
    if found.empty:
        st.caption(_("No orders by then."))
        return
    [row] = found.to_dict("records")
    told = _("{share} to buy within {days} days")
    share, days = percent(row["probability"]), number(shown.summary["horizon"])
    figures.chance(told.format(share=share, days=days), float(row["probability"]))
    model = shown.summary["best_amount"]
    amount = _("Expected revenue {amount}; 90% interval {low} to {high}")
    st.caption(
        plain(
            amount.format(
                amount=rounded(row[model]),
                low=rounded(row[f"{model}_low"]),
                high=rounded(row[f"{model}_high"]),
            )
        )
    )
    for one in reasons(row):
        st.caption(plain(churn_words.reason(one)))
