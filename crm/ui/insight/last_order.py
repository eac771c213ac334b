"""What is said where orders end long before the day that an analysis is asked for."""

from datetime import date, timedelta

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Actor
from crm.services.documents import orders
from crm.ui import access
from crm.ui.format import day, plain

QUIET = timedelta(days=90)
OF_ORDERS = frozenset(  # the kinds of analysis that look at orders
    {
        "alerts",
        "association_rules",
        "churn",
        "cohorts",
        "forecast",
        "lifetime_value",
        "migration",
        "purchase",
        "segmentation",
    }
)


def tell(kind: str, as_of: date, *, width: int) -> None:
    """Of which day the last order in reach is, and a button that goes back to it.

    Nothing where it lies within the `QUIET` days before `as_of`, or there is none.
    """
    if kind not in OF_ORDERS:
        return
    last = _last_sale(access.current(), as_of)
    if last is None or as_of - last <= QUIET:
        return
    with st.container(horizontal=True, vertical_alignment="center", width=width):
        words = _("The last order is of {day}.")
        st.warning(plain(words.format(day=day(last))), icon=":material/event_busy:")
        st.button(
            _("As of that day"),
            key=f"{kind}_last_order",
            on_click=_go_back,
            args=[kind, last],
        )


@st.cache_data(ttl=60, max_entries=50, hash_funcs={Actor: str}, show_spinner=False)
def _last_sale(actor: Actor, as_of: date) -> date | None:
    """Not looked up at each move of a slider: to some it takes a tenth of a second."""
    with db.reading(actor) as session:
        return orders.last_sale_on(session, as_of)


def _go_back(kind: str, last: date) -> None:
    st.session_state[f"{kind}_as_of"] = last
