"""What hangs on records: custom values and tags, of many records at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import CustomField, CustomKind, CustomValue, Tagging
from crm.services.admin import custom_fields
from crm.services.admin.custom_values import column_of, parsed
from crm.services.customers import tags
from crm.services.imports.bulk import insert_attached

Values = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """What records hold, by id: custom values by field name, and names of tags."""

    custom: Mapping[int, Values]
    tags: Mapping[int, set[str]]


def held(
    session: Session, entity: str, ids: Sequence[int], fields: Iterable[str]
) -> Held:
    """What the records with `ids` hold in the custom `fields` and in “tags”."""
    wanted = set(fields)
    known = {f.id: f for f in custom_fields.fields(session, entity) if f.name in wanted}
    custom: dict[int, Values] = {}
    for row in _values(session, list(known), ids) if known and ids else ():
        _put(custom.setdefault(row.record_id, {}), known[row.field_id], row)
    named: dict[int, set[str]] = {}
    if "tags" in wanted and ids:
        found = tags.tags_of(session, entity, ids)
        named = {key: {tag.name for tag in all_} for key, all_ in found.items()}
    return Held(custom, named)


def add_custom(
    session: Session, entity: str, ids: Sequence[int], given: Sequence[Values]
) -> None:
    """Store custom values of new records, in the order of `ids`."""
    if not any(given):
        return
    known = {field.name: field for field in custom_fields.fields(session, entity)}
    rows = [
        {
            "field_id": known[name].id,
            "record_id": record_id,
            "position": position,
            **dict.fromkeys(("text", "number", "day")),
            **content,
        }
        for record_id, values in zip(ids, given, strict=True)
        for name, value in values.items()
        for position, content in enumerate(parsed(known[name], value))
    ]
    insert_attached(session, CustomValue, rows)


def add_tags(
    session: Session, entity: str, ids: Sequence[int], given: Sequence[Sequence[str]]
) -> None:
    """Put tags on new records, in the order of `ids`."""
    if any(given):
        known = tag_ids(session, given)
        pairs = zip(ids, given, strict=True)
        rows = [
            {"tag_id": known[name], "entity": entity, "record_id": record_id}
            for record_id, names in pairs
            for name in names
        ]
        insert_attached(session, Tagging, rows)


def tag_ids(session: Session, given: Iterable[Sequence[str]]) -> dict[str, int]:
    """The ids of tags by name; those that there are not yet are made."""
    names = dict.fromkeys(name for names in given for name in names)
    return {name: tags.tag(session, name).id for name in names}


def _values(
    session: Session, field_ids: Sequence[int], ids: Sequence[int]
) -> Iterable[CustomValue]:
    statement = (
        select(CustomValue)
        .where(db.ids_in(col(CustomValue.field_id), field_ids))
        .where(db.ids_in(col(CustomValue.record_id), ids))
        .order_by(col(CustomValue.position))
    )
    return session.scalars(statement)


def _put(values: Values, field: CustomField, row: CustomValue) -> None:
    content = getattr(row, column_of(field.kind))
    if field.kind is CustomKind.CHOICES:
        values.setdefault(field.name, []).append(content)
    else:
        is_truth = field.kind is CustomKind.YES_NO
        values[field.name] = bool(content) if is_truth else content
