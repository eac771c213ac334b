"""Unique values: whose they are when a record wants them back."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import UniqueConstraint, inspect, select
from sqlmodel import Session, SQLModel

from crm.i18n import _
from crm.models import Record
from crm.services import naming


def clash(session: Session, row: Record) -> str | None:
    """Why `row` cannot be stored as it stands, in words; None when it can.

    Looks past the actor's reach and into the recycle bin, as the database will.
    """
    row.prepare()
    for columns in _unique(type(row)):
        taken = _taken(session, row, columns)
        if taken is not None:
            return _in_words(session, row, columns, taken)
    return None


def _unique(table: type[Record]) -> Iterator[list[sa.Column[Any]]]:
    local = SQLModel.metadata.tables[str(table.__tablename__)]
    for constraint in local.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield list(constraint.columns)
    for index in local.indexes:
        if index.unique:
            yield list(index.columns)


def _taken(session: Session, row: Record, columns: list[sa.Column[Any]]) -> int | None:
    """The id of another row with the same values in `columns`."""
    state = inspect(row)
    if not any(state.attrs[c.key].history.has_changes() for c in columns):
        return None
    values = [getattr(row, column.key) for column in columns]
    if any(value is None for value in values):
        return None
    key = columns[0].table.c.id
    same = [column == value for column, value in zip(columns, values, strict=True)]
    found = select(key).where(*same, key != (row.id or 0))
    return session.connection().scalar(found)


def _in_words(
    session: Session, row: Record, columns: list[sa.Column[Any]], taken: int
) -> str:
    if len(columns) > 1:
        return _("{record} is there already.").format(record=naming.called(row))
    entity, value = str(row.__tablename__), getattr(row, columns[0].key)
    if name := naming.names(session, entity, [taken]).get(taken):
        return _("“{value}” belongs to {record} by now.").format(
            value=value, record=name
        )
    return _("“{value}” is taken by now.").format(value=value)
