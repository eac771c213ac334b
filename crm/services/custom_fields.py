"""Custom fields: added in the UI, then usable wherever fields are."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import CustomField, CustomKind, CustomValue, exact
from crm.models.types import clean
from crm.services.fields import entity_of
from crm.services.records import bin_, expect

TYPED: dict[CustomKind, str] = {
    CustomKind.NUMBER: "number",
    CustomKind.MONEY: "number",
    CustomKind.YES_NO: "number",
    CustomKind.DATE: "day",
}


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
    known = entity_of(entity)
    label = clean(label).strip()[:80]
    wanted = [clean(one).strip()[:200] for one in choices or [] if one.strip()]
    if not label:
        raise Invalid(_("A field needs a name."), field="label")
    if kind in (CustomKind.CHOICE, CustomKind.CHOICES) and not wanted:
        raise Invalid(_("A choice needs something to choose from."), field="choices")
    name = _name(label)
    if name in {field.name for field in known.fields}:
        name = f"{name}_2"
    made = CustomField(
        entity=entity,
        name=name,
        label=label,
        kind=kind,
        choices=list(dict.fromkeys(wanted)),
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
    """Relabel or move a field, or change its choices; its name and kind stay."""
    field = db.get(session, CustomField, field_id)
    expect(field, version)
    if not (label := clean(label).strip()[:80]):
        raise Invalid(_("A field needs a name."), field="label")
    field.label, field.position = label, position
    field.choices = list(dict.fromkeys(c.strip() for c in choices if c.strip()))
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
    held: dict[str, Any] = {}
    for field in fields(session, entity):
        rows = _rows(session, field.id, record_id)
        if field.kind is CustomKind.CHOICES:
            held[field.name] = [row.text for row in rows]
        elif rows:
            held[field.name] = _value(field.kind, rows[0])
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
            raise Invalid(
                _("There is no field “{name}”.").format(name=name), field=name
            )
        _replace(session, field, record_id, parsed(field, value))
    session.flush()


def parsed(field: CustomField, value: Any) -> list[dict[str, Any]]:
    """`value` as what the rows of a field hold, one dictionary a row.

    Raises:
        Invalid: it does not fit the field's kind.
    """
    if value in (None, "", []):
        return []
    try:
        if field.kind is CustomKind.CHOICES:
            return [{"text": _choice(field, one)} for one in _listed(value)]
        return [{TYPED.get(field.kind, "text"): _one(field, value)}]
    except (ValueError, TypeError, ArithmeticError) as error:
        raise Invalid(
            _("The value for “{field}” does not fit.").format(field=field.label),
            field=field.name,
        ) from error


def _one(field: CustomField, value: Any) -> Any:
    kind = field.kind
    if kind is CustomKind.YES_NO:
        return Decimal(int(_truth(value)))
    if kind in (CustomKind.NUMBER, CustomKind.MONEY):
        return exact(str(value))
    if kind is CustomKind.DATE:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if kind is CustomKind.CHOICE:
        return _choice(field, value)
    text = clean(str(value)).strip()
    if len(text) > 500:
        raise ValueError("too long")
    if kind is CustomKind.LINK and not re.match(r"https?://[^\s]+$", text):
        raise ValueError("not a link")
    return text


def _choice(field: CustomField, value: Any) -> str:
    if value not in field.choices:
        raise ValueError("not one of the choices")
    return str(value)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False}
    words["0"] = False
    return words[str(value).strip().lower()] if str(value) else False


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [one.strip() for one in value.split(";") if one.strip()]
    return list(dict.fromkeys(value))


def _replace(
    session: Session, field: CustomField, record_id: int, wanted: list[dict[str, Any]]
) -> None:
    held = _rows(session, field.id, record_id)
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


def _rows(session: Session, field_id: int, record_id: int) -> list[CustomValue]:
    statement = (
        select(CustomValue)
        .where(
            col(CustomValue.field_id) == field_id,
            col(CustomValue.record_id) == record_id,
        )
        .order_by(col(CustomValue.position))
    )
    return list(session.scalars(statement))


def _value(kind: CustomKind, row: CustomValue) -> Any:
    if kind is CustomKind.YES_NO:
        return bool(row.number)
    return getattr(row, TYPED.get(kind, "text"))


def _name(label: str) -> str:
    """A name for URLs and files: latin letters, digits, underscores."""
    from pypinyin import lazy_pinyin

    spelled = "_".join(lazy_pinyin(label))
    plain = re.sub(r"[^a-z0-9]+", "_", spelled.casefold()).strip("_")[:36]
    return f"x_{plain or 'field'}"[:40]
