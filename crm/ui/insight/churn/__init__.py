"""The page of churn: who will not order again, or whose subscription ends.

Without a contract it is predicted from orders; by contract subscriptions tell.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm.analytics.churn.churn import HORIZONS
from crm.analytics.churn.churn_choice import NAMES
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, insight
from crm.ui.insight.churn import (
    card,
    contract,
    drivers,
    evidence,
    headline,
    how,
    leavers,
    one,
    over_time,
    overdue,
    profit_view,
)

KIND = "churn"
USUAL = (30, 60, 90, 180)  # days
OTHER = 0
OF = {"orders": N_("Without contract"), "subscriptions": N_("By subscription")}


def show() -> None:
    """The whole page below its title."""
    of = address.choice(_("Which churn"), OF, "churn_of", is_labelled=False)
    if of == "subscriptions":
        contract.show()
    else:
        _without_contract()


def _without_contract() -> None:
    """Who buys now and then, and is not heard of any more."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        asked = {"horizon": _horizon()} | _models()
        insight.compute(KIND, _("Churn"), asked, as_of=as_of)
    st.caption(
        _("A customer counts as leaving when no order follows within the horizon.")
    )
    shown = insight.current(KIND)
    if shown.summary["method"] == "rule":
        headline.by_rule(shown)
        overdue.show(shown)
    else:
        model = headline.by_model(shown)
        leavers.show(shown, model)
        _more(shown, model)
    insight.made(shown, how.sentences(shown))
    card.show(shown)


def _more(shown: Analysis, model: str) -> None:
    """Views of the result, of which only the open one is made."""
    if not insight.has_table(shown, "judged"):
        evidence.show(shown, model)
        st.info(
            _("Compute anew to see profit, drivers, single customers and change."),
            icon=":material/update:",
        )
        return
    views: list[tuple[str, Callable[[], Any]]] = [
        (_("How far to trust it"), lambda: evidence.show(shown, model)),
        (_("Costs and profit"), lambda: profit_view.show(shown, model)),
        (_("What drives it"), lambda: drivers.show(shown, model)),
        (_("What if"), lambda: one.show(shown)),
        (_("Over time"), lambda: over_time.show(shown)),
    ]
    tabs = st.tabs(
        [title for title, _view in views], key="churn_view", on_change="rerun"
    )
    for tab, (_title, view) in zip(tabs, views, strict=True):
        with tab:
            if tab.open:
                view()


def _models() -> dict[str, list[str]]:
    """The models to compute, where the user has chosen some."""
    with st.popover(_("Models"), icon=":material/tune:"):
        chosen = address.several(
            _("Models to compute"), NAMES, "churn_models", usual=(), width=420
        )
        st.caption(
            _(
                "None chosen: all, but support vector machines only while they are "
                "quick. Logistic regression is always among them."
            )
        )
    return {"models": chosen} if chosen else {}


def _horizon() -> int:
    """The days to look ahead: one of the usual numbers, or any other."""
    words = {days: str(days) for days in USUAL} | {OTHER: _("Other")}
    chosen = st.segmented_control(
        _("Horizon, in days"),
        list(words),
        default=90,
        required=True,
        format_func=words.__getitem__,
        key="churn_horizon",
        persist_state="session",
    )
    if chosen:
        return int(chosen)
    shortest, longest = HORIZONS
    own = st.number_input(
        _("Number of days"),
        min_value=shortest,
        max_value=longest,
        value=120,
        key="churn_days",
        persist_state="session",
        width=120,
    )
    return int(own or 120)
