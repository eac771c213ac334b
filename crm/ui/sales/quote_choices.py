"""What can be chosen in the form of a quote: people, opportunities, price lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Customer, PriceList
from crm.services.admin import users
from crm.services.customers import customers
from crm.services.documents import quotes_proposal
from crm.services.sales import opportunities
from crm.ui.format import label as named
from crm.ui.sales import quote_draft

Names = dict[int, str]


@dataclass(frozen=True)
class Choices:
    """Ids with their names, told apart; and the customer's name."""

    customer: str
    contacts: Names
    opportunities: Names
    price_lists: Names
    owners: Names


def read(session: Session, customer_id: int, on: date) -> Choices:
    """What fits a quote to a customer, of a day."""
    people = customers.contacts(session, customer_id)
    deals = opportunities.of_customer(session, customer_id)
    lists = quotes_proposal.price_lists(session, on=on)
    return Choices(
        db.get(session, Customer, customer_id).name,
        {one.id: named(one.name, one.id) for one in people},
        {one.id: named(one.name, one.id) for one in deals},
        {one.id: named(f"{one.name} · {one.currency}", one.id) for one in lists},
        {one.id: named(one.name, one.id) for one in users.listed(session)},
    )


def pick(
    label: str, names: Names, form: str, name: str, then: Callable[[str], None]
) -> None:
    """A menu of `names`; nothing may be chosen. What is kept stays to be chosen."""
    start = quote_draft.start(form, name)
    also = dict.fromkeys((start, quote_draft.held(form, name)))
    options = [one for one in also if one not in names and one is not None] + [*names]
    st.selectbox(
        label,
        options,
        format_func=lambda one: names.get(one, f"#{one}"),
        index=options.index(start) if start is not None else None,
        placeholder=_("None"),
        key=f"{form}_{name}",
        on_change=then,
        args=[form],
    )


def currency_of(session: Session, price_list_id: int | None) -> str | None:
    """The currency of a price list."""
    found = session.get(PriceList, price_list_id) if price_list_id else None
    return found.currency if found else None
