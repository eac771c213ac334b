"""Further e-mails and phones of a customer or contact, each with a type."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, Invalid
from crm.i18n import N_, _
from crm.models import Contact, ContactPoint, Customer, PointKind, folded
from crm.services import records

TYPES = {
    "work": N_("Work"),
    "home": N_("Home"),
    "mobile": N_("Mobile"),
    "billing": N_("Billing"),
    "other": N_("Other"),
}
TABLES: dict[str, Any] = {"customer": Customer, "contact": Contact}
MOST = 50  # on one record


def of_record(session: Session, entity: str, record_id: int) -> list[ContactPoint]:
    """The further e-mails and phones of one record, in the order they were added.

    Raises:
        NotFound: there is no such record in reach.
        Invalid: such records have none.
    """
    _record(session, entity, record_id)
    statement = (
        select(ContactPoint)
        .where(
            col(ContactPoint.entity) == entity, col(ContactPoint.record_id) == record_id
        )
        .order_by(col(ContactPoint.id))
    )
    return list(session.scalars(statement))


def add(
    session: Session,
    entity: str,
    record_id: int,
    kind: PointKind,
    content: str,
    *,
    type: str = "work",
) -> ContactPoint:
    """Give a record one more e-mail or phone; `type` is a key of `TYPES`.

    Raises:
        NotFound: there is no such record in reach.
        Invalid: nothing to add, no e-mail address, an unknown type, or too many.
        Duplicate: the record has it already.
        Forbidden: the actor may not change such records.
    """
    known = of_record(session, entity, record_id)
    row = _record(session, entity, record_id)
    if type not in TYPES:
        raise Invalid(_("There is no such type."), field="type")
    missing = _("Write an e-mail address or a phone number.")
    text = records.text(content, longest=254, missing=missing, field="content")
    if kind is PointKind.EMAIL and not _is_email(text):
        raise Invalid(_("This is no e-mail address."), field="content")
    if len(known) >= MOST:
        raise Invalid(_("At most {n} are kept.").format(n=MOST), field="content")
    held = {folded(one.content) for one in known} | {
        folded(own) for own in (row.email, row.phone) if own
    }
    if folded(text) in held:
        raise Duplicate(_("“{value}” is there already.").format(value=text))
    records.touch(session, row)
    point = ContactPoint(
        entity=entity, record_id=record_id, kind=kind, type=type, content=text
    )
    session.add(point)
    session.flush()
    return point


def remove(session: Session, point_id: int) -> None:
    """Take an e-mail or phone off its record.

    Raises:
        NotFound: it does not exist, or its record is out of reach.
        Forbidden: the actor may not change such records.
    """
    point = db.get(session, ContactPoint, point_id)
    records.touch(session, _record(session, point.entity, point.record_id))
    session.delete(point)
    session.flush()


def _record(session: Session, entity: str, record_id: int) -> Any:
    if entity not in TABLES:
        raise Invalid(_("There is no list of “{name}”.").format(name=entity))
    return db.get(session, TABLES[entity], record_id)


def _is_email(text: str) -> bool:
    name, at, place = text.rpartition("@")
    return bool(name and at and "." in place) and not any(map(str.isspace, text))
