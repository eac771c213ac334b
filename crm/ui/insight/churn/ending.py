"""Subscriptions that end soon, as they stand today, to do something about."""

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Action
from crm.services import lists
from crm.services.days import today
from crm.services.filters import Rule
from crm.ui import access, address, filter_builder, navigation, record_table
from crm.ui.format import number, plain

SPANS = {
    "90": N_("Within 90 days"),
    "30": N_("Within 30 days"),
    "180": N_("Within 180 days"),
}
FIRST = 50  # shown
COLUMNS = (
    *("number", "customer_id", "product_id", "ends_on", "monthly", "currency"),
    *("state", "cancel_reason"),
)


def show() -> None:
    """A table, and the way to all of them; nothing for who may not see them."""
    actor = access.current()
    if not actor.may(Action.READ, "subscription"):
        return
    st.subheader(_("Ending soon"))
    span = address.choice(_("When"), SPANS, "churn_ending_in", is_labelled=False)
    rule = within(int(span))
    query = lists.Query("subscription", rule=rule, sort="ends_on", columns=COLUMNS)
    with db.reading(actor) as session:
        found = lists.page(session, query, today=today(), size=FIRST)
        names = record_table.names(session, found)
    if not found.rows:
        st.caption(_("No subscription ends within this time."))
        return
    record_table.show(
        "churn_ending", "subscription", "number", found, names, picks=False
    )
    counts = {"count": number(len(found.rows)), "all": number(found.total)}
    told = _("{count} of {all}, as they stand today: cancelled, or not renewed.")
    st.caption(plain(told.format(**counts)))
    st.button(
        _("Open all in the list"),
        icon=":material/autorenew:",
        key="churn_ending_all",
        on_click=_open,
        args=[rule],
    )


def within(days: int) -> Rule:
    """The filter for those whose last day is today or so many days ahead."""
    soon = {"field": "ends_on", "op": "next_days", "value": days}
    return {"match": "all", "rules": [soon]}


def _open(rule: Rule) -> None:
    filter_builder.clear("subscriptions")
    navigation.go("subscriptions", subscriptions_f=filter_builder.dumped(rule))
