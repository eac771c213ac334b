"""What to compute: as of when, over which time, how fine and how long to search."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.ui import address, day_input, insight
from crm.ui.format import plain
from crm.ui.insight.rules.figures import share

KIND = "association_rules"
YEAR = timedelta(days=365)
PERIODS = {
    "year": N_("The last 12 months"),
    "all": N_("All the time"),
    "since": N_("Since a day"),
}
UNITS = {
    "basket": N_("One sale"),
    "customer": N_("All that a customer bought"),
}
LEVELS = {"product": N_("Products"), "category": N_("Categories")}
CHECKS = {
    "later": N_("The latest 30% of the baskets"),
    "random": N_("30% of the baskets, drawn by lot"),
    "none": N_("None: search in all baskets"),
}
SUPPORTS = [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1]
CONFIDENCES = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]


def show() -> None:
    """The line above the result: what to look at, and the button that computes."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="rules_ask"):
        with st.container(width=150):
            as_of = insight.as_of(KIND)
        period = st.selectbox(
            _("Baskets of"),
            list(PERIODS),
            format_func=lambda one: _(PERIODS[one]),
            key="rules_period",
            width=180,
        )
        since = _since(period, as_of)
        with (
            st.popover(_("How to search"), icon=":material/tune:"),
            st.container(width=400),
        ):
            asked = _bounds()
        asked |= {"period": period, "since": since.isoformat() if since else None}
        insight.compute(KIND, _("Association rules"), asked, as_of=as_of)


def _since(period: str, as_of: date) -> date | None:
    if period == "all":
        return None
    if period == "year":
        return as_of - YEAR
    first: date = day_input.date_input(
        _("First day"),
        value=as_of - YEAR,
        max_value=as_of,
        key="rules_since",
        width=150,
    )
    return first


def _bounds() -> dict[str, Any]:
    unit = address.choice(_("A basket is"), UNITS, "rules_unit")
    level = address.choice(_("Rules between"), LEVELS, "rules_level")
    support = st.select_slider(
        _("Lowest support to search"),
        SUPPORTS,
        0.005,
        format_func=share,
        key="rules_min_support",
        help=_("Share of the baskets that hold all products of a rule."),
    )
    items = st.slider(_("Longest rule, in products"), 2, 6, 3, key="rules_max_items")
    st.caption(
        plain(
            _(
                "Half the support can mean several times the rules; so can one product "
                "more. Where there would be more than 200,000 sets of products, the "
                "search narrows itself and says so."
            )
        )
    )
    confidence = st.select_slider(
        _("Lowest confidence to keep"),
        CONFIDENCES,
        0.1,
        format_func=share,
        key="rules_min_confidence",
        help=_("Of the baskets with the left side: share with the right side too."),
    )
    check = st.radio(
        _("Baskets held out to check the rules"),
        list(CHECKS),
        format_func=lambda one: _(CHECKS[one]),
        key="rules_check",
        help=_(
            "A rule found among thousands looks better than it is on the baskets that "
            "chose it. So it is measured again on baskets that had no part in that."
        ),
    )
    all_sizes = st.toggle(
        _("Also baskets far larger than the others"),
        key="rules_all_sizes",
        help=_(
            "Such as a day's takings under one number: they join everything with "
            "everything. Left out are those beyond three times the distance between "
            "the quartiles above the upper one, and of more than 50 products."
        ),
    )
    return {
        "unit": unit,
        "level": level,
        "all_sizes": all_sizes,
        "min_support": support,
        "max_items": items,
        "min_confidence": confidence,
        "check": check,
    }
