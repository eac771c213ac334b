"""The lifetime value of one customer, for its own page."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent, plain, rounded


def show(shown: Analysis, customer_id: int) -> None:
    """Value with its interval, and the chance that the customer is still there."""
    customers = insight.table(shown, "customers")
    found = customers[customers["customer_id"] == customer_id]
    if found.empty:
        st.caption(_("No orders by then."))
        return
    [row] = found.to_dict("records")
    told = _("Worth about {amount} in {days} days")
    days = number(shown.summary["horizon"])
    amount = rounded(row["lifetime_value"])
    st.markdown(f"**{plain(told.format(amount=amount, days=days))}**")
    for sentence in (_interval(row), _alive(row)):
        st.caption(plain(sentence))


def _interval(row: dict[str, Any]) -> str:
    told = _("90% interval {low} to {high}; {purchases} purchases of {value} expected")
    return told.format(
        low=rounded(row["low"]),
        high=rounded(row["high"]),
        purchases=number(row["purchases"], places=1),
        value=rounded(row["value"]),
    )


def _alive(row: dict[str, Any]) -> str:
    if pd.isna(row["alive"]):
        return _("Bought on one day only: whether it is still there cannot be told.")
    return _("Probability alive: {share}").format(share=percent(row["alive"], places=1))
