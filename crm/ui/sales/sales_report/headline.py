"""The conclusion first: what was won, how often, and how long it took."""

import pandas as pd
import streamlit as st

from crm.analytics.deals.deal_rates import overall
from crm.analytics.deals.stage_times import cycle_time
from crm.errors import NotEnoughData
from crm.i18n import _, ngettext
from crm.ui.format import number, percent, plain, rounded
from crm.ui.sales.sales_report.controls import Chosen


def show(chosen: Chosen) -> None:
    """A sentence and the figures."""
    rate = overall(chosen.closed)
    if not rate["decided"]:
        st.info(
            _("Nothing was won or lost in this time."),
            icon=":material/hourglass_empty:",
        )
        return
    words = _("{share} of what was decided was won ({low} to {high})")
    said = words.format(
        share=percent(rate["share"]),
        low=percent(rate["low"]),
        high=percent(rate["high"]),
    )
    st.subheader(plain(said))
    won = chosen.closed[chosen.closed["state"] == "won"]
    with st.grid(4, min_column_width=150):
        known = won["amount"].notna().any()
        st.metric(_("Won"), rounded(rate["amount"]) if known else "–", border=True)
        st.metric(
            _("Won and lost"),
            f"{number(rate['won'])} / {number(rate['lost'])}",
            border=True,
        )
        st.metric(
            _("Won on average"),
            rounded(won["amount"].mean()) if known else "–",
            border=True,
        )
        _took(won["days"])
    if missing := int(chosen.closed["no_rate"].sum()):
        told = ngettext(
            "{n} opportunity in a currency without a rate is not in the amounts.",
            "{n} opportunities in currencies without a rate are not in the amounts.",
            missing,
        )
        st.warning(plain(told.format(n=number(missing))), icon=":material/warning:")


def _took(days: pd.Series) -> None:
    try:
        took = cycle_time(days)
    except NotEnoughData as error:
        st.metric(_("Days to win"), "–", border=True, help=plain(error))
        return
    words = _("Median; 95% interval {low} to {high}. Half took {quarter} to {three}.")
    st.metric(
        _("Days to win"),
        number(took.median),
        border=True,
        help=plain(
            words.format(
                low=number(took.low),
                high=number(took.high),
                quarter=number(took.quarter),
                three=number(took.three_quarters),
            )
        ),
    )
