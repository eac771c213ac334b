"""The form for our own company, on the settings page."""

from decimal import Decimal
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services import records
from crm.services.admin import company
from crm.services.admin.company import Company, CompanyFields
from crm.ui import access, feedback

STATE = "_company"
BOXES = {  # the end of the key of a widget that is not called like its field
    "tax_number": "tax",
    "tax_rate": "rate",
    "payment_days": "payment",
    "quote_days": "valid",
}
FIELDS = list(CompanyFields.model_fields)


def show() -> None:
    """Who we are and what we offer usually, to be filled in."""
    with db.reading(access.current()) as session:
        found = company.profile(session)
    with st.container(border=True):
        st.subheader(_("Company"))
        if not found.name:
            st.info(
                _("Fill this in before you send quotes and invoices: they show it."),
                icon=":material/edit_document:",
            )
        key = f"company_{_turn(found.version)}"
        _fields(found, key)
        st.button(
            _("Save"),
            type="primary",
            key="company_save",
            on_click=_save,
            args=[key, found.version],
        )


def _turn(version: int) -> int:
    """Goes up when somebody else has saved, so that widgets begin anew.

    Not while what was typed here could not be saved: that stays.
    """
    start = {"version": version, "turn": 0, "unsaved": False}
    state: dict[str, Any] = st.session_state.setdefault(STATE, start)
    if state["version"] != version and not state["unsaved"]:
        state["turn"] += 1
    state["version"] = version
    return int(state["turn"])


def _fields(found: Company, key: str) -> None:
    left, right = st.columns(2)
    with left:
        _who(found, key)
    with right:
        _usual(found, key)
    _terms(found, key)


def _who(found: Company, key: str) -> None:
    st.text_input(_("Name"), found.name, key=f"{key}_name")
    st.text_area(
        _("Address, line by line"),
        "\n".join(found.address),
        key=f"{key}_address",
        height=122,
    )
    st.text_input(_("Tax number"), found.tax_number or "", key=f"{key}_tax")
    st.text_input(_("E-mail"), found.email or "", key=f"{key}_email")
    st.text_input(_("Phone"), found.phone or "", key=f"{key}_phone")


def _usual(found: Company, key: str) -> None:
    st.number_input(
        _("Usual tax rate (%)"),
        0.0,
        100.0,
        float(found.tax_rate * 100),
        step=0.5,
        format="%.2f",
        key=f"{key}_rate",
        help=_("For products that have no tax rate of their own."),
    )
    st.number_input(
        _("Days to pay an invoice"), 0, 365, found.payment_days, key=f"{key}_payment"
    )
    st.number_input(
        _("Days that a quote is valid"), 1, 365, found.quote_days, key=f"{key}_valid"
    )
    st.text_area(
        _("Bank details"),
        found.bank or "",
        key=f"{key}_bank",
        height=122,
    )


def _terms(found: Company, key: str) -> None:
    st.text_area(
        _("Terms of quotes"),
        found.quote_terms or "",
        key=f"{key}_quote_terms",
    )
    st.text_area(
        _("Terms of invoices"),
        found.invoice_terms or "",
        key=f"{key}_invoice_terms",
    )


def _save(key: str, version: int) -> None:
    """Save what the form holds now: arguments would be those of the run before."""
    held = st.session_state
    typed = {name: held[f"{key}_{BOXES.get(name, name)}"] for name in FIELDS}
    typed["tax_rate"] = Decimal(f"{typed['tax_rate']:.2f}") / 100
    kept = feedback.run(_("Saved."), _kept, typed, version)
    st.session_state[STATE]["unsaved"] = kept is None


def _kept(session: Any, typed: dict[str, Any], version: int) -> Company:
    form = records.valid(CompanyFields, typed)
    return company.save(session, form, version=version)
