"""A short form for one more opportunity: of a customer, or of one to be found."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.i18n import _
from crm.models import Action, Opportunity, OpportunityFields
from crm.services import records
from crm.services.sales import opportunities
from crm.ui import access, day_input, feedback, inputs, navigation
from crm.ui.customer_search import find_customer


def new() -> None:
    """The form on the page of opportunities: the customer is looked for first."""
    if not access.current().may(Action.CREATE, "opportunity"):
        return
    with st.popover(_("New opportunity"), icon=":material/add:"):
        customer_id = find_customer("new_opportunity")
        _form("new_opportunity", found=customer_id is not None)


def add(customer_id: int) -> None:
    """The form on the page of a customer."""
    if not access.current().may(Action.CREATE, "opportunity"):
        return
    with st.popover(_("Add opportunity"), icon=":material/add:"):
        _form(f"new_opportunity_{customer_id}", of=customer_id)


def _form(form: str, *, of: int | None = None, found: bool = True) -> None:
    key = f"{form}_{{}}".format
    st.text_input(_("Name"), key=key("name"))
    inputs.amount(_("Amount"), None, key=key("amount"))
    day_input.date_input(_("Expected close"), value=None, key=key("close"))
    st.text_input(_("Source"), key=key("source"))
    st.button(
        _("Add"),
        type="primary",
        key=key("save"),
        disabled=not found,
        on_click=_save,
        args=[form, of],
    )


def _save(form: str, customer_id: int | None) -> None:
    """Add what the form holds now: arguments would be those of the run before."""
    made: Opportunity | None = None
    with feedback.caught():
        typed = {
            "customer_id": customer_id or inputs.picked(form, "customer"),
            "name": st.session_state[f"{form}_name"],
            "amount": inputs.held(f"{form}_amount"),
            "close_on": st.session_state[f"{form}_close"],
            "source": st.session_state[f"{form}_source"],
        }
        done = _("“{name}” is added.").format(name=typed["name"])
        made = feedback.run(done, _add, typed)
    if made:
        for name in ("name", "amount", "source"):
            st.session_state[f"{form}_{name}"] = ""
        navigation.go("opportunity", id=made.id)


def _add(session: Session, typed: dict[str, Any]) -> Opportunity:
    data = {name: value for name, value in typed.items() if value is not None}
    return opportunities.create(session, records.valid(OpportunityFields, data))
