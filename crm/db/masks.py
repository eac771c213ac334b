"""Hidden fields: for whoever may not read a field, its column is empty.

A session of such an actor works through an engine of its own, which writes each table
with a hidden column as a subquery that has NULL in its place. So whatever a statement
does with it – read, compare, sort, group, add up, search – it meets nothing, be it a
statement of the ORM or of Core. Only the table that a statement alters is the table
itself, in its conditions too. See `docs/decisions/0022-hidden-fields.md`.
"""

import copy
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Dialect, Engine, Select, Table
from sqlmodel import SQLModel

from crm.db.engine import twin
from crm.db.hidden_columns import (
    INSTEAD,
    PARTLY,
    POINTS,
    REQUIRED,
    SEARCHED,
    hidden_with,
)
from crm.db.portable import first_line, is_empty, lowered, without_keys
from crm.models.types import MYSQL, LongText

LOG = "row_change"
TOLD = ("before", "after")  # of a change
CUSTOM = "custom_field."  # in front of the id of a custom field

Columns = dict[str, set[str]]
Rows = Callable[[Any], ColumnElement[bool]]


def blind(bind: Engine, hidden: frozenset[str]) -> Engine:
    """`bind` as somebody has it from whom the fields `hidden` are hidden.

    A field is named `table.column`, a custom field also `custom_field.<id>`.
    """
    return _twin(bind, hidden) if hidden else bind


def bare(table: Any) -> sa.TableClause:
    """`table` as it is in the database, for whoever has to look behind the mask."""
    columns = (sa.column(column.name, column.type) for column in table.columns)
    return sa.table(table.name, *columns)


def columns_of(hidden: frozenset[str]) -> Columns:
    """The hidden columns by table, with all that follow from them.

    Custom fields have no column of their own: see `_rows`.
    """
    tables = SQLModel.metadata.tables
    names = [name.split(".") for name in hidden if not name.startswith(CUSTOM)]
    own = {f"{table}.{name}" for table, name in names if name in tables[table].c}
    return hidden_with(frozenset(own))


@lru_cache(maxsize=64)
def _twin(bind: Engine, hidden: frozenset[str]) -> Engine:
    """An engine on the same pool whose dialect writes tables in another way.

    The dialect is part of the key under which compiled statements are kept.
    """
    with bind.connect():  # only then a dialect knows its server
        dialect = copy.copy(bind.dialect)
    writer = bind.dialect.statement_compiler
    dialect.statement_compiler = type("Blind", (_Masked, writer), {})
    dialect.masks = _masks(bind.dialect, hidden)  # type: ignore[attr-defined]  # ours
    return twin(bind, dialect)


class _Masked:
    """A compiler that reads from masks where there are some; it writes to tables."""

    def visit_table(self, table: Any, asfrom: bool = False, **words: Any) -> str:
        this: Any = self
        plain: str = super().visit_table(table, asfrom=asfrom, **words)  # type: ignore[misc]  # of the compiler beside it
        mask = this.dialect.masks.get(table.name) if isinstance(table, Table) else None
        if mask is None or not asfrom or self._is_written(table):
            return plain
        mask += self._lock((words.get("fromhints") or {}).get(table))
        alias = words.get("enclosing_alias")
        if alias is not None and alias.element is table:
            return f"({mask})"
        renamed = words.get("ambiguous_table_name_map") or {}
        name = this.preparer.quote(table.name)
        if table.name in renamed:
            label = this._truncated_identifier("alias", renamed[table.name])
            name = this.preparer.format_alias(None, label)
        return f"({mask})" + str(this.get_render_as_alias_suffix(name))

    def _lock(self, hint: str | None) -> str:
        """What locks the rows of a mask where the statement around it locks.

        MariaDB and MySQL lock rows of a subquery only where it says so itself, SQL
        Server takes its `hint` only at a table.
        """
        this: Any = self
        if hint is not None:
            return f" {hint}"
        asking = this.stack[-1].get("selectable") if this.stack else None
        is_locking = getattr(asking, "_for_update_arg", None) is not None
        if this.dialect.name not in MYSQL or not is_locking:
            return ""
        return str(this.for_update_clause(asking))

    def _is_written(self, table: Table) -> bool:
        """Whether this is what the statement itself alters, not what it looks at."""
        this: Any = self
        state = this.dml_compile_state if this.isupdate or this.isdelete else None
        return state is not None and table is state.dml_table and len(this.stack) < 2


def _masks(dialect: Dialect, hidden: frozenset[str]) -> dict[str, str]:
    """What stands for each table, as SQL."""
    masks = [*_tables(dialect, hidden), (LOG, _log(hidden))]
    return {name: str(one.compile(dialect=dialect)) for name, one in masks}


def _tables(
    dialect: Dialect, hidden: frozenset[str]
) -> Iterator[tuple[str, Select[Any]]]:
    columns, rows = columns_of(hidden), _rows(hidden)
    for name in sorted(columns.keys() | rows.keys()):
        table = SQLModel.metadata.tables[name]
        source, unseen = bare(table), columns.get(name, set())
        shown = [
            _instead(dialect, source, column, unseen).label(column.name)
            if column.name in unseen
            else source.c[column.name]
            for column in table.columns
        ]
        statement = sa.select(*shown)
        yield name, statement.where(rows[name](source)) if name in rows else statement


def _instead(
    dialect: Dialect, source: Any, column: Any, unseen: set[str]
) -> ColumnElement[Any]:
    """What is read instead of a hidden column."""
    place = f"{source.name}.{column.name}"
    if column.name == "search_key":
        return _search_key(dialect, source, unseen)
    if place in REQUIRED:
        return _said(INSTEAD)
    nothing: Any = sa.literal_column("NULL")
    if dialect.name not in ("sqlite", *MYSQL):
        nothing = sa.cast(nothing, column.type)
    if place in PARTLY:
        other, value = PARTLY[place]
        unseen_here = source.c[other] == _said(value)
        nothing = sa.case((unseen_here, nothing), else_=source.c[column.name])
    seen: ColumnElement[Any] = nothing
    return seen


def _search_key(dialect: Dialect, source: Any, unseen: set[str]) -> ColumnElement[Any]:
    """The name as it was, then those of the other parts that are not hidden."""
    key: Any = first_line(source.c.search_key)
    for name in SEARCHED[source.name]:
        if name not in unseen:
            part = lowered(sa.func.coalesce(source.c[name], _said("")))
            key = key.concat(part).concat(_said(" "))
    if dialect.name == "postgresql":  # else it is sorted as `lowered` is
        key = sa.collate(sa.Grouping(key), "C")
    return sa.case((source.c.search_key.is_not(None), key))


def _rows(hidden: frozenset[str]) -> dict[str, Rows]:
    """Which rows are there at all, of the tables that hold values as rows."""
    found: dict[str, Rows] = {}
    ids = sorted(int(n.removeprefix(CUSTOM)) for n in hidden if n.startswith(CUSTOM))
    if ids:
        these: list[Any] = [sa.literal_column(str(one)) for one in ids]
        found["custom_field"] = lambda source: source.c.id.not_in(these)
        found["custom_value"] = lambda source: source.c.field_id.not_in(these)
    if kinds := sorted(POINTS & hidden):
        found["contact_point"] = lambda source: sa.not_(
            sa.or_(*(_is_point(source, *name.split(".")) for name in kinds))
        )
    return found


def _is_point(source: Any, entity: str, kind: str) -> ColumnElement[bool]:
    return sa.and_(source.c.entity == _said(entity), source.c.kind == _said(kind))


def _log(hidden: frozenset[str]) -> Select[Any]:
    """The change log without hidden fields, and without what says nothing then."""
    source = bare(SQLModel.metadata.tables[LOG])
    columns = sorted(columns_of(hidden).items())
    shown = [
        _told(source, columns, one.name).label(one.name) if one.name in TOLD else one
        for one in source.c
    ]
    update = source.c.deed == _said("update")
    empty = is_empty(_told(source, columns, "after"))
    kept = [sa.not_(update & empty)] if columns else []
    for name, rows in _rows(hidden).items():
        table = bare(SQLModel.metadata.tables[name])
        seen = sa.select(table.c.id).where(rows(table))
        other = (source.c.entity != _said(name)) | (source.c.deed == _said("batch"))
        kept.append(other | source.c.record_id.in_(seen))
    return sa.select(*shown).where(*kept)


def _told(source: Any, columns: list[tuple[str, set[str]]], name: str) -> Any:
    column = source.c[name]
    cases = [
        (source.c.entity == _said(table), without_keys(column, sorted(unseen)))
        for table, unseen in columns
    ]
    return sa.case(*cases, else_=column) if cases else column


def _said(text: str) -> ColumnElement[Any]:
    """A word of ours within a statement that takes no values."""
    return sa.literal_column(f"'{text}'", LongText())
