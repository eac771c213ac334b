"""Four pictures of the same rules; each picks a rule."""

import streamlit as st

from crm.i18n import _
from crm.ui.feedback import empty
from crm.ui.insight.rules import heat_map, network, scatter, table
from crm.ui.insight.rules.result import Chosen, Found


def show(found: Found, chosen: Chosen) -> None:
    """The open picture; a rule picked in it is the one to look at."""
    if not len(chosen):
        empty(
            _("No rule is within these bounds."),
            _("Move a slider to the left, or allow more false discoveries."),
            icon="search_off",
        )
        return
    listed, cloud, net, heat = st.tabs(
        [_("Table"), _("Scatter"), _("Network"), _("Heat map")],
        key="rules_view",
        on_change="rerun",
    )
    with listed:
        if listed.open:
            table.show(found, chosen)
    with cloud:
        if cloud.open:
            _pick(found, "scatter", scatter.show(found, chosen, "rules_scatter"))
    with net:
        if net.open:
            _pick(found, "network", network.show(found, chosen, "rules_network"))
    with heat:
        if heat.open:
            _pick(found, "heat", heat_map.show(found, chosen, "rules_heat"))


def _pick(found: Found, picture: str, numbers: list[int]) -> None:
    """Look at the best rule just picked in a chart.

    A chart tells its choice in every run: only a new one counts, so that another
    way of picking is not overruled.
    """
    seen = f"{found.picked}_{picture}"
    if numbers and numbers != st.session_state.get(seen):
        st.session_state[found.picked] = min(numbers)
    st.session_state[seen] = numbers
