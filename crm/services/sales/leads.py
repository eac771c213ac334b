"""Leads: write them down, work on them, convert or disqualify them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Duplicate, Invalid, RuleBroken
from crm.i18n import _
from crm.models import (
    Contact,
    ContactFields,
    Customer,
    CustomerFields,
    CustomerKind,
    Lead,
    LeadFields,
    LeadStatus,
    OpportunityFields,
    Unfit,
    folded,
    utcnow,
)
from crm.services import records
from crm.services.admin import custom_fields, hidden_fields
from crm.services.customers import addresses, contacts, customers, duplicates
from crm.services.customers.duplicates import Similar
from crm.services.sales import opportunities

TAKEN_OVER = ("email", "phone", "source", "notes")  # by what a lead becomes


@dataclass(frozen=True)
class Deal:
    """The opportunity that a lead becomes; without a name, that of the lead."""

    name: str = ""
    amount: Decimal | None = None
    close_on: date | None = None
    stage_id: int | None = None


def create(
    session: Session, form: LeadFields, *, custom: dict[str, Any] | None = None
) -> Lead:
    """Record a lead, owned by the actor unless the form names an owner.

    Raises:
        NotFound: the owner or the customer does not exist.
        Invalid: a status that a lead does not begin with, an e-mail that is none, or
            a custom value that does not fit.
    """
    records.check_links(session, form)
    addresses.check(form)
    if form.status is LeadStatus.CONVERTED:
        raise Invalid(_("A lead is converted once it is there."), field="status")
    lead = Lead(**records.own(session, form).model_dump())
    _check_reason(lead)
    session.add(lead)
    session.flush()
    custom_fields.store(session, "lead", lead.id, custom or {})
    return lead


def update(
    session: Session,
    lead_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Lead:
    """Change the fields in `changes`, and custom values.

    The status “converted” converts it, to the customer it names or to a new one.

    Raises:
        NotFound: it, or what it is to be linked to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit, or a disqualified lead has no reason.
        RuleBroken: it is converted, and that stays.
        Duplicate: a customer has this e-mail already.
    """
    lead = db.get(session, Lead, lead_id)
    records.expect(lead, version)
    before = lead.status
    with session.no_autoflush:
        records.change(lead, LeadFields, changes)
        records.check_links(session, lead, changes)
        addresses.check(lead, changes)
        if before is LeadStatus.CONVERTED and {"status", "customer_id"} & set(changes):
            raise RuleBroken(_("It has been converted; that stays."))
        converts = lead.status is LeadStatus.CONVERTED and lead.status is not before
        if converts:
            lead.status = before
        _check_reason(lead)
    custom_fields.change_of(session, lead, custom or {})
    session.flush()
    if converts:
        convert(session, lead.id, customer_id=lead.customer_id)
    return lead


def disqualify(
    session: Session, lead_id: int, reason: Unfit, *, version: int | None = None
) -> Lead:
    """Note that nothing will come of it, and why.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it is converted, and that stays.
    """
    changes = {"status": LeadStatus.DISQUALIFIED, "unfit_reason": reason}
    return update(session, lead_id, changes, version=version)


def convert(
    session: Session,
    lead_id: int,
    deal: Deal | None = None,
    *,
    customer_id: int | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Lead:
    """Make customer, contact and opportunity of a lead; all of them or nothing.

    With `customer_id` the contact and the opportunity go to that customer, and no
    second contact is made with the same e-mail. Somebody without a company becomes a
    customer that is a person, and needs no contact.

    Raises:
        NotFound: it, or the customer, does not exist.
        Stale: it is no longer at `version`.
        RuleBroken: it was converted before, or the stage asks for a field.
        Duplicate: a customer has this e-mail already.
        Forbidden: the actor may not make one of the three, or not read all that they
            take over.
    """
    lead = db.get(session, Lead, lead_id)
    records.expect(lead, version)
    if lead.status is LeadStatus.CONVERTED:
        raise RuleBroken(_("It has been converted; that stays."))
    hidden_fields.require_all(session, "lead", TAKEN_OVER)
    if customer_id is None:
        customer = _new_customer(session, lead)
    else:
        customer = db.get(session, Customer, customer_id)
    lead.contact_id = _contact(session, lead, customer)
    lead.opportunity_id = _opportunity(session, lead, customer, deal or Deal())
    lead.customer_id, lead.status = customer.id, LeadStatus.CONVERTED
    lead.unfit_reason, lead.converted_at = None, at or utcnow()
    session.flush()
    return lead


def similar(session: Session, lead: Lead) -> list[Similar]:
    """Customers in reach that the lead may belong to, likeliest first."""
    name = lead.company or lead.name
    return duplicates.similar(session, name, email=lead.email, phone=lead.phone)


def remove(session: Session, lead_id: int, *, version: int | None = None) -> Lead:
    """Put a lead into the recycle bin."""
    lead = db.get(session, Lead, lead_id)
    records.bin_(session, lead, version=version)
    return lead


def _check_reason(lead: Lead) -> None:
    """A disqualified lead says why, and no other."""
    if lead.status is not LeadStatus.DISQUALIFIED:
        lead.unfit_reason = None
    elif lead.unfit_reason is None:
        raise Invalid(_("Say why it is disqualified."), field="unfit_reason")


def _new_customer(session: Session, lead: Lead) -> Customer:
    data: dict[str, Any] = {"source": lead.source, "owner_id": lead.owner_id}
    if lead.company:
        data |= {"name": lead.company, "kind": CustomerKind.COMPANY}
    else:
        _refuse_known(session, lead)
        data |= {"name": lead.name, "kind": CustomerKind.PERSON}
        data |= {"email": lead.email, "phone": lead.phone}
    return customers.create(session, records.valid(CustomerFields, data))


def _refuse_known(session: Session, lead: Lead) -> None:
    for one in similar(session, lead) if lead.email else ():
        found = db.get(session, Customer, one.customer_id)
        if found.email_key == folded(lead.email):
            words = _("{name} has this e-mail already: convert to that customer.")
            raise Duplicate(words.format(name=found.name))


def _contact(session: Session, lead: Lead, customer: Customer) -> int | None:
    """The person of the lead at the customer; None where it is the customer."""
    if customer.kind is CustomerKind.PERSON:
        return None
    for known in customers.contacts(session, customer.id) if lead.email else ():
        if known.email_key == folded(lead.email):
            return known.id
    first, _space, last = lead.name.rpartition(" ")
    data = {
        "customer_id": customer.id,
        "first_name": first.strip()[:100] or None,
        "last_name": last[:100],
        "email": lead.email,
        "phone": lead.phone,
        "owner_id": lead.owner_id,
    }
    made: Contact = contacts.create(session, records.valid(ContactFields, data))
    return made.id


def _opportunity(session: Session, lead: Lead, customer: Customer, deal: Deal) -> int:
    data = {
        "customer_id": customer.id,
        "name": deal.name.strip() or (lead.company or lead.name),
        "amount": deal.amount,
        "close_on": deal.close_on,
        "stage_id": deal.stage_id,
        "source": lead.source,
        "owner_id": lead.owner_id,
        "notes": lead.notes,
    }
    return opportunities.create(session, records.valid(OpportunityFields, data)).id
