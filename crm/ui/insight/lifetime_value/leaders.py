"""The customers by lifetime value: which of them, table, what to do with them."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import ordered, ranking, ranking_filter
from crm.ui.format import day, number, plain, rounded
from crm.ui.ordered import Kept, Rows
from crm.ui.ranking import Ranked

ORDERS = {
    "lifetime_value": N_("Lifetime value"),
    "at_risk": N_("Value at risk"),
    "purchases": N_("Expected purchases"),
}
COLUMNS = (
    *("lifetime_value", "low", "high", "alive"),
    *("at_risk", "purchases", "value", "recency"),
)


def show(shown: Analysis, picked: Rows | None) -> None:
    """The filter, and the customers that it leaves, of those `picked` if any are."""
    st.subheader(_("Who is worth how much"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = ranking_filter.order(ORDERS, "lifetime_value_order")
        low, high = ranking_filter.percents(
            _("Probability alive, in percent"),
            f"lifetime_value_alive_{shown.id}",
            step=5,
        )
    everybody = ordered.customers(shown, "customers", order)
    kept = _kept(everybody, picked, low, high)
    st.markdown(plain(_summary(len(everybody), kept, is_picked=picked is not None)))
    name = _("{order}, probability alive {low}–{high}%, {day}").format(
        order=_(ORDERS[order]), low=low, high=high, day=day(shown.as_of)
    )
    told = _("Lifetime value over {days} days").format(
        days=number(shown.summary["horizon"])
    )
    ranking.show(
        shown, Ranked(kept, name, told, _columns, _config()), key="lifetime_value"
    )
    st.caption(
        _("Who has bought on one day only has no probability: the last panel says why.")
    )


def _kept(everybody: pd.DataFrame, picked: Rows | None, low: int, high: int) -> Kept:
    """Those picked, or all, as far as they are within the bounds, in percent."""
    alive = everybody["alive"]
    within = alive.between(low / 100, high / 100)
    if (low, high) == (0, 100):
        within |= alive.isna()
    if picked is not None:
        within &= ordered.among(everybody, picked)
    return ordered.kept(everybody, within)


def _summary(customers: int, kept: Kept, *, is_picked: bool) -> str:
    if is_picked:
        told = ngettext(
            "{count} customer, picked in the picture, is worth {amount}.",
            "{count} customers, picked in the picture, are worth {amount} together.",
            len(kept),
        )
    else:
        told = _("{count} of {customers} customers are worth {amount} together.")
    return told.format(
        count=number(len(kept)),
        customers=number(customers),
        amount=rounded(kept.total("lifetime_value")),
    )


def _config() -> dict[str, Any]:
    kinds = st.column_config
    interval = _("9 of 10 customers like this one bring something in between.")

    def money(label: str, **more: Any) -> Any:
        return kinds.NumberColumn(label, format="localized", **more)

    return {
        "lifetime_value": money(_("Lifetime value"), width=105),
        "low": money(_("At least (90%)"), width=105, help=interval),
        "high": money(_("At most (90%)"), width=105, help=interval),
        "alive": kinds.ProgressColumn(
            _("Probability alive"),
            format="percent",
            min_value=0,
            max_value=1,
            width=120,
        ),
        "at_risk": money(_("Value at risk"), width=100),
        "purchases": kinds.NumberColumn(_("Expected purchases"), format="%.1f"),
        "value": money(_("Value of a purchase")),
        "recency": kinds.NumberColumn(_("Days since the last purchase")),
    }


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    whole = dict.fromkeys(("lifetime_value", "low", "high", "at_risk", "value"), 0)
    places = whole | {"alive": 3, "purchases": 2}
    return rows[list(COLUMNS)].round(places)
