"""Web forms: set them up, and make leads of what they bring."""

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import LANGUAGES, N_, _
from crm.models import (
    SYSTEM,
    Actor,
    Lead,
    LeadFields,
    WebForm,
    WebFormFields,
)
from crm.services import field_labels, idempotency, records
from crm.services.idempotency import Answer
from crm.services.sales import leads

ASKS = {  # what a form may ask for besides the name
    "company": N_("Company"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "notes": N_("Message"),
}


def create(session: Session, form: WebFormFields) -> WebForm:
    """Set up a form, at an address that nobody can guess.

    Raises:
        NotFound: the owner does not exist.
        Invalid: it asks for what it may not, or in a language that is not there.
        Duplicate: another form has this name.
    """
    row = WebForm(**form.model_dump(), key=secrets.token_urlsafe(15))
    _check(session, row)
    session.add(row)
    session.flush()
    return row


def update(
    session: Session,
    form_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> WebForm:
    """Change the fields in `changes`; the address stays.

    Raises:
        NotFound: it, or its owner, does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
    """
    row = db.get(session, WebForm, form_id)
    records.expect(row, version)
    with session.no_autoflush:
        records.change(row, WebFormFields, changes)
        _check(session, row)
    session.flush()
    return row


def remove(session: Session, form_id: int, *, version: int | None = None) -> None:
    """Take a form away for good; the leads it brought stay."""
    row = db.get(session, WebForm, form_id)
    records.expect(row, version)
    for lead in session.scalars(select(Lead).where(col(Lead.web_form_id) == row.id)):
        lead.web_form_id = None
    session.flush()
    session.delete(row)
    session.flush()


def listed(session: Session) -> list[tuple[WebForm, int]]:
    """All forms by name, each with the number of leads that it has brought."""
    brought = (
        select(col(Lead.web_form_id), func.count())
        .where(col(Lead.web_form_id).is_not(None))
        .group_by(col(Lead.web_form_id))
    )
    counts = {int(row[0]): int(row[1]) for row in session.execute(brought)}
    found = session.scalars(select(WebForm).order_by(col(WebForm.name)))
    return [(form, counts.get(form.id, 0)) for form in found]


def open_at(session: Session, key: str) -> WebForm | None:
    """The form at the address `key`, if there is one that takes answers."""
    statement = select(WebForm).where(col(WebForm.key) == key, col(WebForm.active))
    return session.scalars(statement).first()


def visitor(form: WebForm) -> Actor:
    """Who fills in a form: nobody we know, and the log says by which form."""
    return replace(SYSTEM, name=_("Web form “{name}”").format(name=form.name))


def submit(session: Session, form: WebForm, typed: dict[str, Any], once: str) -> None:
    """Make a lead of what somebody has typed; the same `once` makes one only.

    Raises:
        Invalid: a value does not fit.
    """
    wanted = {"name", *form.asks}
    values = {name: typed[name] for name in wanted & typed.keys()}
    fields = {"source": form.source, "owner_id": form.owner_id}
    filled = records.valid(LeadFields, values | fields)
    key, request = f"form:{once}", {"form": form.id}
    if idempotency.known(session, key, request):
        return
    lead = leads.create(session, filled)
    lead.web_form_id = form.id
    session.flush()
    idempotency.remember(session, key, request, Answer(201, {}))


def _check(session: Session, form: WebForm) -> None:
    records.check_links(session, form)
    if unknown := set(form.asks) - ASKS.keys():
        words = _("A web form cannot ask for “{field}”.")
        told = field_labels.label(min(unknown), of="lead")
        raise Invalid(words.format(field=told), field="asks")
    if form.language not in LANGUAGES:
        raise Invalid(_("There is no such language."), field="language")
