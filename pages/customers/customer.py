"""One customer: who it is, what happened, what comes next."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Customer
from crm.services.admin import custom_fields
from crm.services.customers import favourites
from crm.services.fields import fields_of
from crm.ui import (
    access,
    feedback,
    navigation,
    record_form,
    record_header,
    timeline_view,
)
from crm.ui.customers import contact_points_view, customer_insight, customer_view
from crm.ui.marketing import customer_campaigns
from crm.ui.sales import opportunity_step

with feedback.told(), db.reading(access.current()) as session:
    customer = db.get(session, Customer, navigation.asked_id())
    labels = {
        name: _(field.label)
        for entity in (
            "payment",
            "invoice",
            "subscription",
            "quote",
            "opportunity",
            "ticket",
            "customer",
        )
        for name, field in fields_of(session, entity).items()
    }
    labels["lines"] = _("Lines")
    extra = custom_fields.values(session, "customer", customer.id)
    starred = favourites.is_starred(session, "customer", customer.id)
if "customer" not in locals():
    navigation.link("customers", _("All customers"), icon=":material/arrow_back:")
    st.stop()

record_header.show(customer, "customer", starred=starred)
about, middle, side = st.columns([1, 2, 1], gap="large")
with about:
    customer_view.profile(customer, labels, extra)
    contact_points_view.show("customer", customer.id)
    customer_view.branches(customer)
with middle:
    happened, wanted, quoted, bought, invoiced, subscribed, asked, invited = st.tabs(
        [_("Timeline"), _("Opportunities"), _("Quotes"), _("Orders"), _("Invoices"),
         _("Subscriptions"), _("Tickets"), _("Campaigns")]
    )  # fmt: skip
    with happened:
        timeline_view.composer(customer.id)
        timeline_view.stream(customer.id, labels)
    with wanted:
        customer_view.opportunities_of(customer.id)
    with quoted:
        customer_view.quoted(customer.id)
    with bought:
        customer_view.bought(customer.id)
    with invoiced:
        customer_view.invoiced(customer.id)
    with subscribed:
        customer_view.subscribed(customer.id)
    with asked:
        customer_view.tickets_of(customer.id)
    with invited:
        customer_campaigns.show(customer.id)
with side:
    customer_insight.show(customer.id)
    customer_view.people(customer.id)
opportunity_step.ask_if_wanted()
record_form.show()
