"""Single figures of a model: its ranking, the base rate, one's own chance."""

from collections.abc import Mapping

import streamlit as st

from crm.i18n import _
from crm.ui.format import bold, number, percent


def ranking(auc: Mapping[str, float], told: str, label: str = "") -> None:
    """The AUC, or what `label` calls it.

    Args:
        told: what it means, with `{low}` and `{high}` of its 95% interval.
    """
    low, high = f"{auc['low']:.2f}", f"{auc['high']:.2f}"
    st.metric(
        label or _("Ranking (AUC)"),
        f"{auc['value']:.2f}",
        border=True,
        help=told.format(low=low, high=high),
    )


def of_100(share: float) -> str:
    """How many of 100, of a share of 0 to 1."""
    return number(100 * share)


def rate(base: Mapping[str, float] | None) -> str:
    """Such as “35% (31% to 39%)”; a dash where there is none."""
    if base is None:
        return "–"
    low, high = percent(base["low"]), percent(base["high"])
    told = _("{share} ({low} to {high})")
    return told.format(share=percent(base["value"]), low=low, high=high)


def chance(told: str, share: float) -> None:
    """One's own probability, in words and as a bar."""
    st.markdown(bold(told))
    st.progress(min(max(share, 0.0), 1.0))
