"""One change of one row, taken back; or why not, in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import inspect, select
from sqlmodel import Session, SQLModel

from crm import db
from crm.db.plain import held, typed
from crm.db.watch import HIDDEN
from crm.i18n import _
from crm.models import Binned, Deed, Opportunity, Order, Quote, Record
from crm.services import naming
from crm.services.changes import last_editor
from crm.services.clashes import clash
from crm.services.documents import invoiced, quotes_undo
from crm.services.fields import ENTITIES
from crm.services.sales import opportunity_lines

LINES_BACK: dict[str, Callable[..., list[str]]] = {
    "quote": quotes_undo.lines_back,
    "opportunity": opportunity_lines.lines_back,
}


def reverse(
    session: Session, change: Any, row: Record | None, *, at: datetime
) -> list[str]:
    """Take back `change` of `row` (None where there is none); what stays as it is.

    `change` has the attributes of `Change`. A created row goes to the recycle bin
    at `at`, or for good where there is none for its kind.

    Raises:
        RuleBroken: it is of a quote that was sent.
    """
    if change.deed is Deed.DELETE:
        return _bring_back(session, change, row)
    if row is None:
        gone = _("{record} is not there any more.")
        return [gone.format(record=f"{_label_of(change.entity)} #{change.record_id}")]
    if isinstance(row, Order) and (why := invoiced.held(session, [row.id])):
        return [why]
    if isinstance(row, Quote):
        quotes_undo.check(session, change, row)
    if change.deed is Deed.CREATE:
        return _take_away(session, row, at)
    if "lines" in (change.after or {}):
        return LINES_BACK[change.entity](session, change, row)
    stays = _set_back(session, change, row)
    if isinstance(row, Quote):
        quotes_undo.settle(session, row)
    return stays


def _take_away(session: Session, row: Record, at: datetime) -> list[str]:
    if isinstance(row, Binned):
        row.deleted_at = row.deleted_at or at
    elif _is_in_use(session, row):
        return [_("{record} is in use.").format(record=naming.called(row))]
    else:
        session.delete(row)
    session.flush()
    return []


def _set_back(session: Session, change: Any, row: Record) -> list[str]:
    """Field by field; one that has changed since stays as it is."""
    columns, before = inspect(type(row)).local_table.c, change.before or {}
    session.flush()
    stays, was = [], {}
    for name, put in (change.after or {}).items():
        if _follows(session, row, name):
            continue
        kind, now = columns[name].type, getattr(row, name)
        if put == HIDDEN or held(kind, now) != put:
            stays.append(_changed_since(session, change, row, name))
        else:
            was[name] = now
            setattr(row, name, typed(kind, before.get(name)))
    with session.no_autoflush:
        if was and (taken := clash(session, row)):
            for name, now in was.items():
                setattr(row, name, now)
            row.prepare()
            return [*stays, taken]
    return stays


def _follows(session: Session, row: Record, name: str) -> bool:
    """Whether a field of `row` follows from its lines."""
    if isinstance(row, Opportunity):
        return name in opportunity_lines.locked(session, row.id)
    return isinstance(row, Quote) and name in quotes_undo.SUMS


def _bring_back(session: Session, change: Any, row: Record | None) -> list[str]:
    """Put a deleted row where it was, under its old id."""
    if row is not None:
        return []
    table = naming.table_of(change.entity)
    columns = inspect(table).local_table.c
    made = table(id=change.record_id)
    for name, value in (change.before or {}).items():
        setattr(made, name, typed(columns[name].type, value))
    words = _("{record} cannot come back: what it belongs to is gone.")
    if _has_lost_its_place(session, made):
        return [words.format(record=naming.called(made))]
    if taken := clash(session, made):
        return [taken]
    session.add(made)
    session.flush()
    return []


def _changed_since(session: Session, change: Any, row: Record, name: str) -> str:
    editor = last_editor(session, change.entity, change.record_id, field=name)
    words = _("“{field}” of {record} was changed since, and stays as it is.")
    if editor is not None:
        words = _("“{field}” of {record} was changed since by {who}, and stays.")
    return words.format(
        field=_label(change.entity, name),
        record=naming.called(row),
        who=editor.name if editor else "",
    )


def _label(entity: str, name: str) -> str:
    known = ENTITIES[entity].fields if entity in ENTITIES else ()
    return next((_(field.label) for field in known if field.name == name), name)


def _label_of(entity: str) -> str:
    return _(getattr(naming.table_of(entity), "__label__", entity))


def _is_in_use(session: Session, row: Record) -> bool:
    """Whether any row of any table points at `row`; it stays locked: none comes to."""
    session.flush()
    db.lock(session, type(row), [row.id])
    here = inspect(type(row)).local_table
    pointing = (
        key.parent
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is here
    )
    return any(
        session.connection().scalar(_first(column, row.id)) is not None
        for column in pointing
    )


def _has_lost_its_place(session: Session, row: Record) -> bool:
    """Whether a row that `row` points at, or hangs on, is no longer there."""
    session.flush()
    for column in inspect(type(row)).local_table.c:
        value = getattr(row, column.key)
        for key in column.foreign_keys:
            there = _first(key.column, value)
            if value is not None and session.connection().scalar(there) is None:
                if not column.nullable:
                    return True
                setattr(row, column.key, None)
    entity, record_id = getattr(row, "entity", None), getattr(row, "record_id", None)
    if entity is None or record_id is None:
        return False
    return not naming.is_there(session, entity, record_id)


def _first(column: sa.Column[Any], value: Any) -> sa.Select[Any]:
    """`value`, if any row holds it; Oracle cannot select an EXISTS."""
    return select(column).where(column == value).limit(1)
