"""The page What if: assumptions as ranges, the year ahead as a distribution."""

import streamlit as st

from crm import db
from crm.analytics.what_if import Baseline, simulate
from crm.config import settings
from crm.errors import CRMError
from crm.i18n import _
from crm.services import analyses
from crm.ui import access, feedback, insight, navigation
from crm.ui.format import number, percent, plain, rounded
from crm.ui.insight.what_if import assumptions, pictures, scenarios


def show() -> None:
    """The whole page below its title."""
    start = _baseline()
    if start is None:
        return
    scenarios.menu()
    st.caption(plain(_told(start)))
    with st.container(border=True):
        assumed = assumptions.choose(start)
    try:
        outcome = simulate(start, assumed)
    except CRMError as error:
        st.info(plain(error), icon=":material/data_alert:")
        return
    pictures.show(start, outcome)
    with st.expander(_("How this was made"), icon=":material/science:"):
        for sentence in _how():
            st.markdown("- " + plain(sentence))


def _baseline() -> Baseline | None:
    """What the last year was, or what to do where it is not known."""
    with db.reading(access.current()) as session:
        shown = analyses.latest(session, "overview")
    if shown is None or "baseline" not in shown.summary:
        box = feedback.empty(
            _("The last year has not been counted yet."),
            _(
                "It is counted every day, for those who see all customers; import "
                "orders, or load the demo company."
            ),
            icon="tune",
        )
        with box:
            navigation.link("imports", _("Imports"), icon=":material/upload_file:")
        return None
    insight.stamp(shown)
    return Baseline(**shown.summary["baseline"])


def _told(start: Baseline) -> str:
    words = _(
        "The last year: {customers} customers bought, {won} of them for the first "
        "time; net sales {revenue}."
    )
    told = words.format(
        customers=number(start.customers),
        won=number(start.won),
        revenue=rounded(start.revenue),
    )
    if start.lost is None:
        return told
    lost = _("Of those of the year before, {share} did not come back.")
    return f"{told} {lost.format(share=percent(start.lost))}"


def _how() -> list[str]:
    return [
        _(
            "Each assumption is drawn 10,000 times from its range, the middle being "
            "likeliest."
        ),
        _(
            "Customers from before go on spending as they did in the last year, "
            "thinned out at the rate of churn; those won in it, and those to be won, "
            "each there for half a year, spend as those won in it did."
        ),
        _(
            "A price change moves the volume by its elasticity: at -1, one percent "
            "more costs one percent of the volume."
        ),
        _("Gross profit is at today's costs, and less the budget."),
        _(
            "What is assumed is yours: the picture says what follows from it, not what "
            "will happen. All amounts are in {currency}."
        ).format(currency=settings().currency),
    ]
