"""The page of lifetime value: what to compute; who is worth how much; how sure."""

import streamlit as st

from crm.analytics.lifetime.lifetime_value import HIGHEST_RATE
from crm.i18n import N_, _
from crm.ui import insight
from crm.ui.insight.lifetime_value import (
    evidence,
    headline,
    how,
    leaders,
    parameters,
    picture,
)

KIND = "lifetime_value"
HORIZONS = {  # days
    182: N_("Half a year"),
    365: N_("1 year"),
    730: N_("2 years"),
    1095: N_("3 years"),
}
RATE = 10.0  # percent a year


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        asked = {"horizon": _horizon(), "annual_rate": _rate()}
        insight.compute(KIND, _("Lifetime value"), asked, as_of=as_of)
    st.caption(
        _(
            "What customers are expected to bring within the horizon, discounted to "
            "the day."
        )
    )
    shown = insight.current(KIND)
    headline.show(shown)
    picked = picture.show(shown)
    leaders.show(shown, picked)
    evidence.show(shown)
    parameters.show(shown)
    insight.made(shown, how.sentences(shown))


def _horizon() -> int:
    chosen = st.segmented_control(
        _("Horizon"),
        list(HORIZONS),
        default=365,
        required=True,
        format_func=lambda days: _(HORIZONS[days]),
        key="lifetime_value_horizon",
        persist_state="session",
    )
    return int(chosen or 365)


def _rate() -> float:
    """A year, 0 to 1, as the user chooses it in percent."""
    chosen = st.number_input(
        _("Discount rate, % a year"),
        min_value=0.0,
        max_value=100 * HIGHEST_RATE,
        value=RATE,
        step=1.0,
        format="%.1f",
        key="lifetime_value_rate",
        persist_state="session",
        width=190,
        help=_("By so much less counts what comes in a year from now."),
    )
    return round(float(RATE if chosen is None else chosen) / 100, 6)
