"""Controls that both rankings of churn have."""

import streamlit as st

from crm.i18n import _


def least_revenue() -> float:
    """What a customer must have brought in to be shown, as the user chooses it."""
    chosen = st.number_input(
        _("Revenue of the last 180 days, at least"),
        min_value=0,
        value=0,
        step=100,
        key="churn_least",
        persist_state="session",
        width=260,
    )
    return float(chosen or 0)
