"""Contacts: the people at customers."""

from typing import Any

from sqlmodel import Session

from crm import db
from crm.models import Contact, ContactFields
from crm.services import records
from crm.services.admin import custom_fields
from crm.services.customers import addresses


def create(
    session: Session, form: ContactFields, *, custom: dict[str, Any] | None = None
) -> Contact:
    """Record a new contact, owned by the actor unless the form names an owner.

    Raises:
        Invalid: the e-mail is none, or a custom value does not fit.
        NotFound: the customer or the owner does not exist.
    """
    records.check_links(session, form)
    addresses.check(form)
    contact = Contact(**records.own(session, form).model_dump())
    session.add(contact)
    session.flush()
    custom_fields.store(session, "contact", contact.id, custom or {})
    return contact


def update(
    session: Session,
    contact_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
    custom: dict[str, Any] | None = None,
) -> Contact:
    """Change the fields in `changes`, and custom values, of one contact.

    Raises:
        NotFound: the contact, or the customer it is to move to, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
    """
    contact = db.get(session, Contact, contact_id)
    records.expect(contact, version)
    with session.no_autoflush:
        records.change(contact, ContactFields, changes)
        records.check_links(session, contact, changes)
        addresses.check(contact, changes)
    custom_fields.change_of(session, contact, custom or {})
    session.flush()
    return contact


def remove(session: Session, contact_id: int, *, version: int | None = None) -> Contact:
    """Put a contact into the recycle bin.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
    """
    contact = db.get(session, Contact, contact_id)
    records.bin_(session, contact, version=version)
    return contact
