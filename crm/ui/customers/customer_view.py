"""The parts of a customer's page: profile, people, purchases, insight."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Contact, ContactFields, Customer, Order
from crm.services import records
from crm.services.customers import contacts, customers
from crm.services.documents import orders
from crm.services.fields import CUSTOMER_KINDS, ORDER_KINDS
from crm.ui import access, anew, feedback, navigation
from crm.ui.format import cell, country, day, moment_column, number, plain
from crm.ui.money_words import headline, missing
from crm.ui.sales import (
    invoice_view,
    opportunity_form,
    opportunity_view,
    quote_view,
    subscription_form,
    subscription_view,
)
from crm.ui.support import ticket_view

PROFILE = (
    "email", "phone", "website", "street", "postal_code", "city", "region",
    "country", "sector", "source", "tax_number", "external_id", "notes",
)  # fmt: skip


def profile(customer: Customer, labels: dict[str, str], extra: dict[str, Any]) -> None:
    """What is known about the customer, field by field; empty ones are left out."""
    with st.container(border=True):
        st.caption(_(CUSTOMER_KINDS[customer.kind.value]))
        held = {name: getattr(customer, name) for name in PROFILE} | extra
        for name, value in held.items():
            if value not in (None, "", []):
                shown = ", ".join(value) if isinstance(value, list) else value
                if name == "country":
                    shown = country(str(value))
                with st.container(gap=None):
                    st.caption(plain(labels.get(name, name)))
                    st.text(str(shown))


def people(customer_id: int) -> None:
    """The contacts, and a short form for one more."""
    actor = access.current()
    with db.reading(actor) as session:
        found = customers.contacts(session, customer_id)
    st.subheader(_("Contacts"))
    for one in found:
        navigation.link(
            "contact",
            " · ".join(part for part in (one.name, one.role) if part),
            icon=":material/person:",
            id=one.id,
        )
        if one.email:
            st.text(one.email)
    if not found:
        st.caption(_("Nobody yet."))
    if actor.may(Action.CREATE, "contact"):
        with st.popover(_("Add contact"), icon=":material/person_add:"):
            _contact_form(customer_id)


def _contact_form(customer_id: int) -> None:
    form = anew.key(f"new_contact_{customer_id}")
    with st.form(form, border=False):
        typed = {
            name: st.text_input(label, key=f"{form}_{name}")
            for name, label in (
                ("first_name", _("First name")),
                ("last_name", _("Last name")),
                ("role", _("Role")),
                ("email", _("E-mail")),
                ("phone", _("Phone")),
            )
            if not access.current().hides("contact", name)
        }
        if st.form_submit_button(_("Add"), type="primary"):
            done = _("{name} is added.").format(name=typed["last_name"])
            if feedback.run(done, _add, customer_id, typed):
                anew.begin(f"new_contact_{customer_id}")
            st.rerun()


def _add(session: Any, customer_id: int, typed: dict[str, str]) -> Contact:
    data = {name: value for name, value in typed.items() if value}
    form = records.valid(ContactFields, data | {"customer_id": customer_id})
    return contacts.create(session, form)


def bought(customer_id: int) -> None:
    """Figures, the latest orders, and what is bought most."""
    with db.reading(access.current()) as session:
        sums = customers.purchases(session, customer_id)
        latest = orders.of_customer(session, customer_id, limit=10)
        most = orders.bought(session, customer_id, limit=8)
    if not latest:
        st.caption(_("No orders yet."))
        return
    with st.grid(4, min_column_width=120):
        st.metric(_("Orders"), number(sums.sales), border=True)
        st.metric(_("Net sales"), plain(headline(sums.total)), border=True)
        st.metric(_("First order"), day(sums.first_at), border=True)
        st.metric(_("Last order"), day(sums.last_at), border=True)
    if lacking := missing(sums.total, Order):
        st.caption(plain(" ".join(lacking)))
    _order_table(latest)
    st.caption(_("Bought most"))
    st.dataframe(
        pd.DataFrame(
            [(sku, name, cell(q), cell(a)) for sku, name, q, a in most],
            columns=["sku", "name", "quantity", "amount"],
        ),
        hide_index=True,
        column_config={
            "sku": _("SKU"),
            "name": _("Product"),
            "quantity": st.column_config.NumberColumn(
                _("Quantity"), format="localized"
            ),
            "amount": st.column_config.NumberColumn(_("Amount"), format="localized"),
        },
    )


def subscribed(customer_id: int) -> None:
    """The subscriptions, and a short form for one more."""
    if access.current().may(Action.READ, "subscription"):
        subscription_view.of_customer(customer_id)
        subscription_form.add(customer_id)


def invoiced(customer_id: int) -> None:
    """What is open, and the latest invoices."""
    invoice_view.of_customer(customer_id)


def opportunities_of(customer_id: int) -> None:
    """The opportunities, and a short form for one more."""
    if access.current().may(Action.READ, "opportunity"):
        opportunity_view.of_customer(customer_id)
        opportunity_form.add(customer_id)


def tickets_of(customer_id: int) -> None:
    """The open tickets, and a way to open one more."""
    ticket_view.of_customer(customer_id)


def quoted(customer_id: int) -> None:
    """The quotes, and a way to write one more."""
    quote_view.of_customer(customer_id)


def _order_table(latest: list[Any]) -> None:
    ids = [order.id for order in latest]
    rows = [
        (
            o.number,
            cell(o.ordered_at),
            _(ORDER_KINDS[o.kind.value]),
            cell(o.total_with_tax),
        )
        for o in latest
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=["number", "at", "kind", "total"]),
        key="customer_orders",
        hide_index=True,
        column_config={
            "number": st.column_config.ButtonColumn(
                _("Order"),
                type="tertiary",
                alignment="left",
                key="customer_orders_open",
                on_click=_open_order,
                args=[ids],
            ),
            "at": moment_column(_("Ordered")),
            "kind": _("Kind"),
            "total": st.column_config.NumberColumn(
                _("Total with tax"), format="localized"
            ),
        },
    )


def _open_order(ids: list[int]) -> None:
    row = st.session_state["customer_orders_open"].row
    if row is not None and row < len(ids):
        navigation.go("order", id=ids[row])


def branches(customer: Customer) -> None:
    """The parent company and the companies below this one."""
    with db.reading(access.current()) as session:
        below = customers.branches(session, customer.id)
        above = (
            session.get(Customer, customer.parent_id) if customer.parent_id else None
        )
    if not below and not above:
        return
    st.subheader(_("Group"))
    if above:
        st.caption(_("Parent company"))
        navigation.link("customer", above.name, icon=":material/domain:", id=above.id)
    for one in below:
        navigation.link(
            "customer", one.name, icon=":material/subdirectory_arrow_right:", id=one.id
        )
