"""The parts of a subscription's page, and those of a customer."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.models import Subscription, SubscriptionState
from crm.services.days import today
from crm.services.subscriptions import subscriptions
from crm.services.subscriptions.subscription_fields import (
    BILLING_PERIODS,
    CANCEL_REASONS,
    SUBSCRIPTION_STATES,
)
from crm.ui import access, navigation
from crm.ui.format import cell, date_column, day, money, number, plain

ICONS = {
    SubscriptionState.UPCOMING: ("schedule", "blue"),
    SubscriptionState.ACTIVE: ("check_circle", "green"),
    SubscriptionState.CANCELLED: ("event_busy", "orange"),
    SubscriptionState.ENDED: ("cancel", "gray"),
}


def facts(one: Subscription, product: str | None) -> None:
    """Whose it is, where it stands, what it brings, when it renews or ends."""
    navigation.link(
        "customer", one.customer.name, icon=":material/person:", id=one.customer_id
    )
    if product:
        navigation.link(
            "product", product, icon=":material/deployed_code:", id=one.product_id
        )
    _badge(one)
    price = one.price_on(today())
    with st.grid(4, min_column_width=150):
        st.metric(
            _("Monthly amount"),
            money(price.monthly, one.currency),
            border=True,
            help=_("The price times the quantity, by the month."),
        )
        st.metric(_("Start"), day(one.starts_on), border=True)
        st.metric(_("Term"), _term(one), border=True)
        ends = one.ends_on is not None
        label = _("Last day") if ends else _("Next renewal")
        when = one.ends_on if ends else one.renews_on(today())
        st.metric(label, day(when), border=True)


def _badge(one: Subscription) -> None:
    """Its number, where it stands, and why it was cancelled."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plain(one.number), width="content")
        _state(one)
        if one.cancelled_on is not None:
            words = _("Cancelled on {day}").format(day=day(one.cancelled_on))
            reason = one.cancel_reason
            parts = [words, _(CANCEL_REASONS[reason.value]) if reason else None]
            told = " · ".join(filter(None, [*parts, one.cancel_note]))
            st.caption(plain(told))


def _state(one: Subscription) -> None:
    state = one.state(today())
    icon, shade = ICONS[state]
    color: Any = shade
    st.badge(
        _(SUBSCRIPTION_STATES[state.value]), icon=f":material/{icon}:", color=color
    )


def _term(one: Subscription) -> str:
    if one.term_months is None:
        return _("Open-ended")
    return ngettext(
        "{n} month",
        "{n} months",
        one.term_months,
    ).format(n=number(one.term_months))


def prices(one: Subscription) -> None:
    """Every price that was ever agreed, the newest first."""
    st.subheader(_("Prices"))
    rows = [
        (
            price.from_on,
            cell(price.price),
            cell(price.quantity),
            _(BILLING_PERIODS[price.period.value]),
            cell(price.monthly),
        )
        for price in reversed(one.price_list)
    ]
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows, columns=["from", "price", "quantity", "period", "monthly"]),
        hide_index=True,
        column_config={
            "from": date_column(_("From")),
            "price": kinds.NumberColumn(_("Price"), format="localized"),
            "quantity": kinds.NumberColumn(_("Quantity"), format="localized"),
            "period": _("Billing period"),
            "monthly": kinds.NumberColumn(_("Monthly amount"), format="localized"),
        },
    )


def of_customer(customer_id: int) -> None:
    """The subscriptions of a customer, each with what it brings."""
    with db.reading(access.current()) as session:
        found = subscriptions.of_customer(session, customer_id)
    if not found:
        st.caption(_("No subscriptions yet."))
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(width="stretch", gap=None):
                label = " · ".join(filter(None, [one.number, one.name]))
                navigation.link("subscription", label, id=one.id)
                amount = money(one.price_on(today()).monthly, one.currency)
                st.caption(plain(_("{amount} a month").format(amount=amount)))
            _state(one)
