"""The change log as people read it: which fields of which record, from what to what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import (
    RIGHTS,
    Action,
    Actor,
    Change,
    Deed,
    Operation,
    Role,
)
from crm.services import naming
from crm.services.changes_places import ATTACHED, Places, Values, values_of
from crm.services.documents import quotes_log

UNTOLD = {  # what other fields of the same change tell in words
    "prices", "pipeline_id", "stage_since", "opened_at", "solved_at",
}  # fmt: skip

LINKS = {  # fields that are told by the name of what they link to
    "stage_id": "stage",
    "from_stage_id": "stage",
    "to_stage_id": "stage",
    "opportunity_id": "opportunity",
    "ticket_id": "ticket",
    "campaign_id": "campaign",
    "segment_id": "segment",
    "contact_id": "contact",
    "customer_id": "customer",
    "quote_id": "quote",
    "order_id": "sales_order",
    "invoice_id": "invoice",
    "credited_id": "invoice",
    "price_list_id": "price_list",
    "product_id": "product",
    "parent_id": "customer",
    "owner_id": "app_user",
    "by_id": "app_user",
}


@dataclass(frozen=True)
class FieldChange:
    """One field of one record: what it held before and after, as plain data.

    A tag is a change of `tags`, a custom value one of its field, both of the record
    that they hang on. `record` is what that record is called, None where it is not
    known any more. Of a batch, `count` says how many records were created.
    """

    entity: str
    deed: Deed
    name: str
    before: Any = None
    after: Any = None
    record_id: int = 0
    record: str | None = None


@dataclass(frozen=True)
class Editor:
    """Who changed something, and when."""

    name: str
    at: datetime


def described(
    session: Session, changes: Sequence[Change]
) -> dict[int, list[FieldChange]]:
    """The fields that `changes` altered, by operation, in the order of the log."""
    known = _Known(session, changes)
    found: dict[int, list[FieldChange]] = {}
    for change in changes:
        found.setdefault(change.operation_id, []).extend(known.fields(change))
    return found


def readable(actor: Actor) -> list[str]:
    """The kinds of records that `actor` may read about."""
    return [e for e in RIGHTS[Role.ADMIN] if actor.may(Action.READ, e)]


def last_editor(
    session: Session, entity: str, record_id: int, *, field: str | None = None
) -> Editor | None:
    """Who has changed a record, or one field of it, last; None when nobody in sight."""
    statement = (
        select(Change, col(Operation.actor_name), col(Operation.at))
        .join(Operation, col(Operation.id) == col(Change.operation_id))
        .where(col(Change.entity) == entity, col(Change.record_id) == record_id)
        .order_by(col(Change.id).desc())
        .limit(200)
    )
    for change, name, at in session.execute(statement):
        if field is None or field in (change.after or {}):
            return Editor(name, at)
    return None


def editor_since(
    session: Session, entity: str, record_id: int, since: datetime
) -> Editor | None:
    """Who has changed a record, or what is attached to it, last after `since`."""
    own = (col(Change.entity) == entity) & (col(Change.record_id) == record_id)
    statement = (
        select(Change, col(Operation.actor_name), col(Operation.at))
        .join(Operation, col(Operation.id) == col(Change.operation_id))
        .where(col(Operation.at) >= since, own | col(Change.entity).in_(ATTACHED))
        .order_by(col(Change.id).desc())
        .limit(200)
    )
    found = session.execute(statement).all()
    places = Places(session, [change for change, _name, _at in found])
    for change, name, at in found:
        if places.of(change) == (entity, record_id):
            return Editor(name, at)
    return None


class _Known(Places):
    """What must be looked up to describe some changes, one query for each kind."""

    def __init__(self, session: Session, changes: Sequence[Change]) -> None:
        super().__init__(session, changes)
        self.tags = naming.names(session, "tag", self.ids("tag_id"))
        held = [v for c in changes for v in (c.before, c.after) if v]
        self.linked = self._linked(held)
        sold = {key for v in held for key in quotes_log.products(v.get("lines"))}
        self.products = naming.names(session, "product", sold)
        self.names = self._names(map(self.of, changes))

    def fields(self, change: Change) -> list[FieldChange]:
        entity, record_id = self.of(change)
        record = self.names[entity].get(record_id) or _told(change)
        return [
            FieldChange(change.entity, change.deed, *altered, record_id, record)
            for altered in self._altered(change)
        ]

    def _altered(self, change: Change) -> Iterator[tuple[str, Any, Any]]:
        """Name, old and new value of each field, in alphabetical order."""
        before, after = change.before or {}, change.after or {}
        values = self.values[change.id]
        if change.entity == "tagging":
            name = self.tags.get(values["tag_id"])
            gone = change.deed is Deed.DELETE
            yield "tags", name if gone else None, None if gone else name
        elif change.entity == "custom_value":
            field = self.custom.get(values["field_id"])
            name = field.name if field else change.entity
            yield name, _one(before), _one(after)
        elif change.entity == "contact_point" and change.deed is not Deed.UPDATE:
            yield values["kind"], before.get("content"), after.get("content")
        else:
            for name in sorted((before.keys() | after.keys()) - UNTOLD):
                yield name, self._said(name, before), self._said(name, after)

    def _said(self, name: str, values: Values) -> Any:
        """A value as people know it: a stage by its name, lines one by one."""
        held = values.get(name)
        if held is None:
            return None
        if name == "lines":
            return quotes_log.words(held, self.products)
        return self.linked[LINKS[name]].get(held, f"#{held}") if name in LINKS else held

    def _linked(self, held: Sequence[Values]) -> dict[str, dict[int, str]]:
        """The names of what `LINKS` link to, by kind and id."""
        wanted: dict[str, set[int]] = {entity: set() for entity in LINKS.values()}
        for name, entity in LINKS.items():
            wanted[entity] |= {v[name] for v in held if v.get(name) is not None}
        return {
            one: naming.names(self.session, one, ids) for one, ids in wanted.items()
        }

    def _names(self, places: Iterable[tuple[str, int]]) -> dict[str, dict[int, str]]:
        wanted: dict[str, set[int]] = {}
        for entity, key in places:
            wanted.setdefault(entity, set()).add(key)
        return {
            entity: naming.names(self.session, entity, ids)
            for entity, ids in wanted.items()
        }


def _one(values: Values) -> Any:
    """What a custom value held: text, number or day."""
    held = (values.get(name) for name in ("text", "number", "day"))
    return next((value for value in held if value is not None), None)


def _told(change: Change) -> str | None:
    """What the change itself calls a record that is no longer there."""
    values = values_of(change)
    if change.entity in ATTACHED:
        return None
    if change.entity == "contact":
        parts = (values.get("first_name"), values.get("last_name"))
        return " ".join(part for part in parts if part) or None
    names = ("name", "number", "subject", "label")
    return next((str(values[name]) for name in names if values.get(name)), None)
