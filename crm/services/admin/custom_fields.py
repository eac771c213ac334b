"""Custom fields: added in the UI, then usable wherever fields are."""

import re
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Duplicate, Invalid
from crm.i18n import _
from crm.models import CustomField, CustomKind, CustomValue, Record
from crm.services.admin.custom_values import column_of, parsed
from crm.services.fields import entity_of
from crm.services.filters import shown
from crm.services.records import bin_, expect, text, touch


def add(
    session: Session,
    entity: str,
    label: str,
    kind: CustomKind,
    *,
    choices: list[str] | None = None,
) -> CustomField:
    """Add a field to records of `entity`; its name is made from the label.

    Raises:
        Invalid: no label, no choices for a choice, or no such kind of record.
        Duplicate: a field of that name is there already.
    """
    entity_of(entity)
    label = _labelled(label)
    wanted = _choices(choices or [])
    if kind in (CustomKind.CHOICE, CustomKind.CHOICES) and not wanted:
        raise Invalid(_("A choice needs something to choose from."), field="choices")
    made = CustomField(
        entity=entity,
        name=_free_name(session, entity, label),
        label=label,
        kind=kind,
        choices=wanted,
        position=len(fields(session, entity)),
    )
    session.add(made)
    session.flush()
    return made


def change(
    session: Session,
    field_id: int,
    *,
    label: str,
    choices: list[str],
    position: int,
    version: int | None = None,
) -> CustomField:
    """Relabel or move a field, or change its choices; its name and kind stay.

    Raises:
        NotFound: it does not exist.
        Invalid: no label, or no choices for a choice.
        Stale: it is no longer at `version`.
    """
    field = db.get(session, CustomField, field_id)
    expect(field, version)
    field.label, field.position = _labelled(label), position
    field.choices = _choices(choices)
    if field.kind in (CustomKind.CHOICE, CustomKind.CHOICES) and not field.choices:
        raise Invalid(_("A choice needs something to choose from."), field="choices")
    session.flush()
    return field


def remove(session: Session, field_id: int, *, version: int | None = None) -> None:
    """Put a field into the recycle bin; its values come back with it."""
    bin_(session, db.get(session, CustomField, field_id), version=version)


def fields(session: Session, entity: str) -> list[CustomField]:
    """The custom fields of `entity`, in order."""
    statement = (
        select(CustomField)
        .where(col(CustomField.entity) == entity)
        .order_by(col(CustomField.position), col(CustomField.id))
    )
    return list(session.scalars(statement))


def values(session: Session, entity: str, record_id: int) -> dict[str, Any]:
    """What one record holds in its custom fields, by field name."""
    known = {field.id: field for field in fields(session, entity)}
    held: dict[str, Any] = {
        field.name: [] for field in known.values() if field.kind is CustomKind.CHOICES
    }
    for row in _rows(session, list(known), record_id):
        field = known[row.field_id]
        if field.kind is CustomKind.CHOICES:
            held[field.name].append(row.text)
        else:
            held[field.name] = _value(field.kind, row)
    return held


def store(session: Session, entity: str, record_id: int, given: dict[str, Any]) -> None:
    """Set custom values of one record; None or '' empties a field.

    Raises:
        Invalid: a field that is not there, or a value that does not fit.
    """
    if not given:
        return
    known = {field.name: field for field in fields(session, entity)}
    for name, value in given.items():
        if (field := known.get(name)) is None:
            words = _("There is no field “{name}”.").format(name=shown(name))
            raise Invalid(words, field=shown(name))
        _replace(session, field, record_id, parsed(field, value))
    session.flush()


def change_of(session: Session, row: Record, given: dict[str, Any]) -> None:
    """Set custom values of a record that is there, as a change of the record.

    Raises:
        Invalid: a field that is not there, or a value that does not fit.
        Forbidden: the actor may not change such records.
    """
    if given:
        touch(session, row)
        store(session, str(row.__tablename__), row.id, given)


def _replace(
    session: Session, field: CustomField, record_id: int, wanted: list[dict[str, Any]]
) -> None:
    held = _rows(session, [field.id], record_id)
    for position, content in enumerate(wanted):
        if position < len(held):
            for name, value in content.items():
                setattr(held[position], name, value)
        else:
            session.add(
                CustomValue(
                    field_id=field.id,
                    record_id=record_id,
                    position=position,
                    **content,
                )
            )
    for row in held[len(wanted) :]:
        session.delete(row)


def _rows(session: Session, field_ids: list[int], record_id: int) -> list[CustomValue]:
    statement = (
        select(CustomValue)
        .where(
            db.ids_in(col(CustomValue.field_id), field_ids),
            col(CustomValue.record_id) == record_id,
        )
        .order_by(col(CustomValue.field_id), col(CustomValue.position))
    )
    return list(session.scalars(statement))


def _value(kind: CustomKind, row: CustomValue) -> Any:
    if kind is CustomKind.YES_NO:
        return bool(row.number)
    return getattr(row, column_of(kind))


def _labelled(label: str) -> str:
    missing = _("A field needs a name.")
    return text(label, longest=80, missing=missing, field="label")


def _choices(given: list[str]) -> list[str]:
    missing = _("A choice needs a name.")
    wanted = [
        text(one, longest=200, missing=missing, field="choices")
        for one in given
        if one.strip()
    ]
    return list(dict.fromkeys(wanted))


def _free_name(session: Session, entity: str, label: str) -> str:
    """A name that no field has, nor one in the recycle bin.

    Raises:
        Duplicate: a field of that label is there already.
    """
    if label in {field.label for field in fields(session, entity)}:
        raise Duplicate(_("There is a field “{name}” already.").format(name=label))
    statement = select(col(CustomField.name)).where(col(CustomField.entity) == entity)
    taken = set(session.scalars(statement, execution_options=db.everything))
    name, number = _name(label), 2
    while name in taken:
        name, number = f"{_name(label)[:36]}_{number}", number + 1
    return name


def _name(label: str) -> str:
    """A name for URLs and files: latin letters, digits, underscores."""
    from pypinyin import lazy_pinyin

    spelled = "_".join(lazy_pinyin(label))
    plain = re.sub(r"[^a-z0-9]+", "_", spelled.casefold()).strip("_")[:36]
    return f"x_{plain or 'field'}"[:40]
