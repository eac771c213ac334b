"""The parts of the pages for leads."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Lead, LeadFields, LeadStatus, Unfit
from crm.services import records
from crm.services.sales import leads
from crm.services.sales.leads import Deal
from crm.services.sales.opportunity_fields import LEAD_STATES, UNFIT_REASONS
from crm.ui import access, day_input, feedback, inputs, navigation
from crm.ui.format import moment, plain, whose_times
from crm.ui.sales.lead_score import card

COLORS = {
    LeadStatus.NEW: "blue",
    LeadStatus.WORKING: "orange",
    LeadStatus.CONVERTED: "green",
    LeadStatus.DISQUALIFIED: "gray",
}
NOBODY = 0  # stands for a new customer
SHORT = ("name", "company", "email", "phone", "source")  # of a new lead


def facts(lead: Lead) -> None:
    """Where it stands, who it is, what has become of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        color: object = COLORS[lead.status]
        st.badge(_(LEAD_STATES[lead.status.value]), color=color)  # type: ignore[arg-type]  # one of Streamlit's colours
        if lead.unfit_reason:
            st.caption(_(UNFIT_REASONS[lead.unfit_reason.value]))
    with st.grid(4, min_column_width=150):
        for name, label in (
            ("company", _("Company")),
            ("email", _("E-mail")),
            ("phone", _("Phone")),
            ("source", _("Source")),
        ):
            if access.current().hides("lead", name):
                continue
            value: str | None = getattr(lead, name)
            with st.container(border=True, gap=None):
                st.caption(label)
                st.text(value or "–")
    card.show(lead)
    created = _("Created {at}").format(at=moment(lead.created_at))
    st.caption(created, help=whose_times())
    for slug, label, key in (
        ("customer", _("Customer"), lead.customer_id),
        ("contact", _("Contact"), lead.contact_id),
        ("opportunity", _("Opportunity"), lead.opportunity_id),
    ):
        if key is not None:
            navigation.link(slug, label, icon=":material/arrow_forward:", id=key)
    if lead.notes:
        st.text(lead.notes)


def actions(lead: Lead) -> None:
    """What can be done, as far as the user has the right."""
    actor = access.current()
    if lead.status is LeadStatus.CONVERTED or not actor.may(Action.UPDATE, "lead"):
        return
    with st.container(horizontal=True):
        if lead.status is not LeadStatus.WORKING:
            st.button(
                _("Work on it"),
                icon=":material/play_arrow:",
                key="lead_work",
                on_click=feedback.run,
                args=[_("Saved."), leads.update, lead.id,
                      {"status": LeadStatus.WORKING}],
                kwargs={"version": lead.version},
            )  # fmt: skip
        if actor.may(Action.CREATE, "opportunity"):
            _convert(lead)
        if lead.status is not LeadStatus.DISQUALIFIED:
            _disqualify(lead)


def _convert(lead: Lead) -> None:
    with st.popover(_("Convert"), icon=":material/handshake:"):
        with db.reading(access.current()) as session:
            found = leads.similar(session, lead)
        names = {NOBODY: _("A new customer")}
        names |= {one.customer_id: f"{one.name} · {one.why}" for one in found}
        if found:
            st.warning(_("This may be there already:"), icon=":material/group:")
        key = f"convert_{lead.id}_{lead.version}_{{}}".format
        st.radio(
            _("Customer"),
            list(names),
            format_func=lambda one: plain(names[one]),
            index=1 if found else 0,
            key=key("customer"),
        )
        st.text_input(
            _("Name of the opportunity"),
            (lead.company or lead.name)[:200],
            key=key("name"),
        )
        inputs.amount(_("Amount"), None, key=key("amount"))
        day_input.date_input(_("Expected close"), value=None, key=key("close"))
        st.button(
            _("Convert"),
            type="primary",
            key=key("save"),
            on_click=_save,
            args=[lead, key],
        )


def _save(lead: Lead, key: Callable[[str], str]) -> None:
    """Convert by what the form holds now: arguments would be of the run before."""
    held = st.session_state
    done = _("{name} is converted.").format(name=lead.name)
    made: Lead | None = None
    with feedback.caught():
        amount = inputs.held(key("amount"))
        deal = Deal(held[key("name")] or "", amount, held[key("close")])
        made = feedback.run(
            done,
            leads.convert,
            lead.id,
            deal,
            customer_id=held[key("customer")] or None,
            version=lead.version,
        )
    if made and made.opportunity_id:
        navigation.go("opportunity", id=made.opportunity_id)


def _disqualify(lead: Lead) -> None:
    with st.popover(_("Disqualify"), icon=":material/block:"):
        key = f"unfit_{lead.id}_{lead.version}"
        reason = st.selectbox(
            _("Reason"),
            list(UNFIT_REASONS),
            index=None,
            format_func=lambda name: _(UNFIT_REASONS[name]),
            placeholder=_("Choose one"),
            key=key,
        )
        st.button(
            _("Disqualify"),
            type="primary",
            key="lead_disqualify",
            disabled=reason is None,
            on_click=_drop,
            args=[lead, key],
        )


def _drop(lead: Lead, key: str) -> None:
    done = _("{name} is disqualified.").format(name=lead.name)
    why = Unfit(st.session_state[key])
    feedback.run(done, leads.disqualify, lead.id, why, version=lead.version)


def new() -> None:
    """A short form for one more lead."""
    if not access.current().may(Action.CREATE, "lead"):
        return
    with st.popover(_("New lead"), icon=":material/add:"):
        key = "new_lead_{}".format
        st.text_input(_("Name"), key=key("name"))
        st.text_input(_("Company"), key=key("company"))
        st.text_input(_("E-mail"), key=key("email"))
        st.text_input(_("Phone"), key=key("phone"))
        st.text_input(_("Source"), key=key("source"))
        st.button(_("Add"), type="primary", key=key("save"), on_click=_create)


def _create() -> None:
    """Add what the form holds now: arguments would be those of the run before."""
    typed = {name: st.session_state[f"new_lead_{name}"] for name in SHORT}
    done = _("“{name}” is added.").format(name=typed["name"])
    if feedback.run(done, _add, typed):
        for name in typed:
            st.session_state[f"new_lead_{name}"] = ""


def _add(session: Session, typed: dict[str, Any]) -> Lead:
    return leads.create(session, records.valid(LeadFields, typed))
