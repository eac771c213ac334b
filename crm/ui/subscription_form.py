"""A short form on the page of a customer, for one more subscription."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Subscription, SubscriptionFields
from crm.services import records, subscriptions
from crm.services.fields import entity_of
from crm.ui import access, feedback, filter_builder, inputs, subscription_actions
from crm.ui.format import today


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
        typed = {
            "number": st.text_input(_("Number"), max_chars=60, key=key("number")),
            "name": st.text_input(_("Name"), max_chars=200, key=key("name")),
            "product_id": inputs.field(
                fields["product_id"], None, known, key=key("product")
            ),
            "starts_on": st.date_input(_("Start"), value=today(), key=key("start")),
            "price": inputs.amount(_("Price"), None, key=key("price")),
            "quantity": inputs.amount(_("Quantity"), 1, key=key("quantity")),
            "billing_period": subscription_actions.billing(key("period")),
            "term_months": st.number_input(
                _("Term in months"),
                min_value=1,
                max_value=1200,
                value=None,
                key=key("term"),
                help=_("Left empty, it has no term and runs until it is cancelled."),
            ),
            "auto_renew": st.checkbox(
                _("Renews by itself"), value=True, key=key("renews")
            ),
        }
        st.button(
            _("Add"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[customer_id, typed],
        )


def _save(customer_id: int, typed: dict[str, Any]) -> None:
    done = _("{number} is added.").format(number=typed["number"])
    if feedback.run(done, _add, customer_id, typed):
        for name in ("number", "name", "price"):
            st.session_state[f"new_subscription_{customer_id}_{name}"] = ""


def _add(session: Session, customer_id: int, typed: dict[str, Any]) -> Subscription:
    data = {name: value for name, value in typed.items() if value is not None}
    form = records.valid(SubscriptionFields, data | {"customer_id": customer_id})
    return subscriptions.create(session, form)
