"""How a quote comes onto its page: a new one by its customer, a draft to be edited."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Quote
from crm.services.days import today
from crm.services.documents import quotes, quotes_proposal
from crm.services.documents.quotes_proposal import Values
from crm.ui import access, customer_search, feedback, inputs, navigation


def new() -> None:
    """On the list of quotes: look for the customer first."""
    if not access.current().may(Action.CREATE, "quote"):
        return
    with st.popover(_("New quote"), icon=":material/add:"):
        customer_id = customer_search.find_customer("new_quote")
        st.button(
            _("Write the quote"),
            type="primary",
            key="new_quote_go",
            disabled=customer_id is None,
            on_click=_write,
        )


def _write() -> None:
    with feedback.caught():
        navigation.go("quote", customer=inputs.picked("new_quote", "customer"))


def asked() -> tuple[Quote | None, Values | None]:
    """The quote that the address names, or how the new one begins.

    Raises:
        NotFound: neither is there.
        Forbidden: no right to write one.
    """
    actor = access.current()
    customer_id, opportunity_id = _number("customer"), _number("opportunity")
    is_new = navigation.record_id() is None and (customer_id or opportunity_id)
    with db.reading(actor) as session:
        if not is_new:
            return quotes.quote(session, navigation.asked_id()), None
        db.require(actor, Action.CREATE, "quote")
        begun = quotes_proposal.proposal(
            session, customer_id=customer_id, opportunity_id=opportunity_id, on=today()
        )
    return None, begun


def is_edited(row: Quote) -> bool:
    """Whether the address asks to edit a draft, and the user may."""
    may = access.current().may(Action.UPDATE, "quote")
    return may and row.status == "draft" and st.query_params.get("edit") == "1"


def _number(name: str) -> int | None:
    text = str(st.query_params.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
