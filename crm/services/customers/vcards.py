"""Contacts as vCards (RFC 2426), out and in."""

from typing import Any

import vobject
from sqlmodel import Session

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Contact, ContactFields, Customer
from crm.services.customers import contacts
from crm.services.records import valid

LARGEST = 1_000_000  # characters


def contact(session: Session, contact_id: int) -> str:
    """One contact as a vCard.

    Raises:
        NotFound: it does not exist, or is out of reach.
    """
    row = db.get(session, Contact, contact_id)
    card = vobject.vCard()
    card.add("n").value = vobject.vcard.Name(
        family=row.last_name, given=row.first_name or ""
    )
    card.add("fn").value = row.name
    for name, value in (
        ("email", row.email),
        ("tel", row.phone),
        ("title", row.role),
        ("note", row.notes),
    ):
        if value:
            card.add(name).value = value
    if row.customer_id and (customer := session.get(Customer, row.customer_id)):
        card.add("org").value = [customer.name]
    return str(card.serialize())


def read(text: str) -> list[ContactFields]:
    """The contacts in a vCard file, not yet saved.

    Raises:
        Invalid: it is no vCard file, or a card has no name.
    """
    if len(text) > LARGEST:
        raise Invalid(_("This file is too large for vCards."))
    try:
        cards = list(vobject.readComponents(text, ignoreUnreadable=True))
    except (vobject.base.ParseError, ValueError, AttributeError) as error:
        raise Invalid(_("This is not a vCard file.")) from error
    if not cards:
        raise Invalid(_("This is not a vCard file."))
    return [valid(ContactFields, _fields(card)) for card in cards]


def bring_in(
    session: Session, text: str, *, customer_id: int | None = None
) -> list[Contact]:
    """Save the contacts of a vCard file, all of them or none.

    Raises:
        Invalid: it is no vCard file, or a card has no name.
        NotFound: there is no such customer.
    """
    return [
        contacts.create(session, form.model_copy(update={"customer_id": customer_id}))
        for form in read(text)
    ]


def _fields(card: Any) -> dict[str, Any]:
    name = getattr(card, "n", None)
    family = _text(name.value.family) if name else None
    given = _text(name.value.given) if name else None
    found = {
        "last_name": family or given or _held(card, "fn") or "",
        "first_name": given if family else None,
        "email": _held(card, "email"),
        "phone": _held(card, "tel"),
        "role": _held(card, "title"),
        "notes": _held(card, "note"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _held(card: Any, name: str) -> str | None:
    part = getattr(card, name, None)
    return _text(part.value) if part is not None else None


def _text(value: Any) -> str | None:
    words = " ".join(value) if isinstance(value, list) else str(value)
    return words.strip() or None
