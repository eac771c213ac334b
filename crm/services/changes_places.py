"""Which record a change is about: what is attached to one leads to it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import ContactPoint, CustomField, CustomValue, Tagging

ATTACHED: dict[str, Any] = {
    "tagging": Tagging,
    "custom_value": CustomValue,
    "contact_point": ContactPoint,
}

Values = dict[str, Any]


class Places:
    """The records that changes are about: what is attached leads to its record."""

    def __init__(self, session: Session, changes: Sequence[Any]) -> None:
        self.session = session
        self.values = {change.id: values_of(change) for change in changes}
        self._complete([c for c in changes if c.entity in ATTACHED])
        self.custom = self._custom_fields()

    def of(self, change: Any) -> tuple[str, int]:
        """Kind and id of the record that was altered, or that it hangs on."""
        values = self.values[change.id]
        if change.entity not in ATTACHED or values.get("record_id") is None:
            return change.entity, change.record_id
        field = self.custom.get(values.get("field_id", 0))
        entity = field.entity if field else values.get("entity") or change.entity
        return str(entity), int(values["record_id"])

    def ids(self, link: str) -> set[int]:
        """What the changes name under `link`."""
        return {int(v[link]) for v in self.values.values() if v.get(link) is not None}

    def _complete(self, changes: Sequence[Any]) -> None:
        """An update does not repeat what its row hangs on: look at the row."""
        for entity, table in ATTACHED.items():
            ids = {c.record_id for c in changes if c.entity == entity}
            found = select(table).where(db.ids_in(table.id, sorted(ids)))
            rows = {r.id: r for r in self.session.scalars(found)} if ids else {}
            for change in changes:
                if change.entity == entity and (row := rows.get(change.record_id)):
                    self.values[change.id] = row.model_dump() | self.values[change.id]

    def _custom_fields(self) -> dict[int, CustomField]:
        ids = self.ids("field_id")
        found = select(CustomField).where(db.ids_in(col(CustomField.id), sorted(ids)))
        rows = self.session.scalars(found, execution_options=db.everything)
        return {row.id: row for row in rows} if ids else {}


def values_of(change: Any) -> Values:
    """What the row held, as far as the change says it; the new counts."""
    return (change.before or {}) | (change.after or {})
