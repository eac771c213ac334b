"""The page of the sales forecast: what is counted on, what is likely, what to expect of
it."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.jobs.sales_forecast import QUARTERS
from crm.models import Analysis
from crm.services import analyses
from crm.ui import access, address, insight
from crm.ui.insight import insight_data
from crm.ui.sales.sales_forecast import ahead, calls, chosen, figures, how, past
from crm.ui.sales.sales_forecast.words import KIND, VIEWS


def show() -> None:
    """The whole page below its title."""
    given = chosen.show()
    found = figures.show(given, _latest())
    view = address.choice(_("View"), VIEWS, "sales_view", is_labelled=False)
    if view == "calls":
        calls.show(given, found)
        return
    _compute()
    shown = insight.current(KIND)
    if view == "past":
        past.show(shown)
    else:
        ahead.show(given, shown)
        how.learned(shown)
    insight.made(shown, how.sentences(shown), left_out=False)


def _latest() -> Analysis | None:
    """The result that is looked at, if there is any."""
    with db.reading(access.current()) as session:
        found = analyses.listed(session, KIND)
    return insight_data.chosen(KIND, found) if found else None


def _compute() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        ahead_for = {str(n): str(n) for n in QUARTERS}
        quarters = address.menu(
            _("Quarters ahead"),
            ahead_for,
            "sales_quarters",
            usual=str(QUARTERS[-1]),
            width=150,
        )
        parameters = {"quarters": int(quarters)}
        insight.compute(KIND, _("Sales forecast"), parameters, as_of=as_of)
