"""A short form on the page of a customer, for one more subscription."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, BillingPeriod, Subscription, SubscriptionFields
from crm.services import records
from crm.services.days import today
from crm.services.fields import entity_of
from crm.services.subscriptions import subscriptions
from crm.ui import access, day_input, feedback, filter_builder, inputs
from crm.ui.sales import subscription_actions


def add(customer_id: int) -> None:
    """The form, where the user may add one."""
    actor = access.current()
    if not actor.may(Action.CREATE, "subscription"):
        return
    with st.popover(_("Add subscription"), icon=":material/autorenew:"):
        with db.reading(actor) as session:
            fields = {one.name: one for one in entity_of("subscription").fields}
            known = filter_builder.choices(session, fields["product_id"])
        key = f"new_subscription_{customer_id}_{{}}".format
        st.text_input(_("Number"), key=key("number"))
        st.text_input(_("Name"), key=key("name"))
        inputs.field(fields["product_id"], None, known, key=key("product"))
        day_input.date_input(_("Start"), value=today(), key=key("start"))
        inputs.amount(_("Price"), None, key=key("price"))
        inputs.amount(_("Quantity"), 1, key=key("quantity"))
        subscription_actions.billing(key("period"))
        st.number_input(
            _("Term in months"),
            min_value=1,
            max_value=1200,
            value=None,
            key=key("term"),
            help=_("Left empty, it has no term and runs until it is cancelled."),
        )
        st.checkbox(_("Renews by itself"), value=True, key=key("renews"))
        st.button(
            _("Add"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[customer_id, key],
        )


def _save(customer_id: int, key: Callable[[str], str]) -> None:
    """Add what the form holds now: arguments would be those of the run before."""
    made = None
    with feedback.caught():
        typed = _held(key)
        done = _("{number} is added.").format(number=typed["number"])
        made = feedback.run(done, _add, customer_id, typed)
    if made:
        for name in ("number", "name", "price"):
            st.session_state[key(name)] = ""


def _held(key: Callable[[str], str]) -> dict[str, Any]:
    held = st.session_state
    return {
        "number": held[key("number")],
        "name": held[key("name")],
        "product_id": held[key("product")],
        "starts_on": held[key("start")],
        "price": inputs.held(key("price")),
        "quantity": inputs.held(key("quantity")),
        "billing_period": BillingPeriod(held[key("period")]),
        "term_months": held[key("term")],
        "auto_renew": held[key("renews")],
    }


def _add(session: Session, customer_id: int, typed: dict[str, Any]) -> Subscription:
    data = {name: value for name, value in typed.items() if value is not None}
    form = records.valid(SubscriptionFields, data | {"customer_id": customer_id})
    return subscriptions.create(session, form)
