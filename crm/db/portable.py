"""What the databases spell differently, in this one place."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.util import find_tables

from crm.models import folded
from crm.models.types import LongText

Item = TypeVar("Item")

IN_LIMIT = 1000  # Oracle's; every other database takes more


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a folded column holds `text`; the user's % and _ mean themselves."""
    found: ColumnElement[bool] = column.contains(folded(text), autoescape=True)
    return found


def holds(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a text column holds `text`, in upper or lower case."""
    return starts(column, text, before="%")


def starts(column: Any, text: str, *, before: str = "") -> ColumnElement[bool]:
    """Whether a text column starts with `text`, in upper or lower case."""
    meant = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    pattern = sa.literal(f"{before}{meant}%", LongText())
    return _lowered(column).like(_lowered(pattern), escape="/")


class _lowered(FunctionElement[str]):  # noqa: N801  (reads as the function it is)
    """Text in lower case, beyond ASCII too."""

    type = LongText()
    inherit_cache = True


@compiles(_lowered)
def _plain_lower(element: Any, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_lowered, "postgresql")
def _postgresql_lower(element: Any, compiler: Any, **options: Any) -> str:
    """In the collation of the database: that of the column knows ASCII only."""
    inner = compiler.process(element.clauses, **options)
    return f'lower({inner} COLLATE "default")'


lowered = _lowered
"""Text in lower case, as `holds` compares it."""


class first_line(FunctionElement[str]):  # noqa: N801  (reads as the function it is)
    """A text up to its first line break, that one included; all of it without one."""

    type = LongText()
    inherit_cache = True


@compiles(first_line)
def _first_line(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    place = _FIND.get(compiler.dialect.name, "instr({text}, '\n')").format(text=text)
    cut = "substring" if compiler.dialect.name == "mssql" else "substr"
    return f"CASE WHEN {place} > 0 THEN {cut}({text}, 1, {place}) ELSE {text} END"


_FIND = {"postgresql": "strpos({text}, '\n')", "mssql": "charindex('\n', {text})"}


class without_keys(FunctionElement[Any]):  # noqa: N801  (reads as the function it is)
    """Plain data, an object, without some of its keys, which are words."""

    type = sa.JSON()
    inherit_cache = False

    def __init__(self, data: Any, keys: Sequence[str]) -> None:
        super().__init__(data)
        self.keys = keys


@compiles(without_keys)
def _without_keys(element: Any, compiler: Any, **options: Any) -> str:
    data, keys = compiler.process(element.clauses, **options), element.keys
    paths = ", ".join(f"'$.{key}'" for key in keys)
    return f"json_remove({data}, {paths})"


@compiles(without_keys, "postgresql")
def _postgresql_without(element: Any, compiler: Any, **options: Any) -> str:
    data, keys = compiler.process(element.clauses, **options), element.keys
    less = "".join(f" - '{key}'" for key in keys)
    return f"({data}{less})"


@compiles(without_keys, "oracle")
def _oracle_without(element: Any, compiler: Any, **options: Any) -> str:
    data, keys = compiler.process(element.clauses, **options), element.keys
    steps = ", ".join(f"REMOVE '$.{key}'" for key in keys)
    return f"json_transform({data}, {steps})"


@compiles(without_keys, "mssql")
def _mssql_without(element: Any, compiler: Any, **options: Any) -> str:
    data = compiler.process(element.clauses, **options)
    for key in element.keys:
        data = f"json_modify({data}, '$.{key}', NULL)"
    return str(data)


class is_empty(FunctionElement[bool]):  # noqa: N801  (reads as the function it is)
    """Whether plain data is an object without keys."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(is_empty)
def _is_empty(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} = '{{}}')"


@compiles(is_empty, "mysql", "mariadb")
def _mysql_is_empty(element: Any, compiler: Any, **options: Any) -> str:
    return f"(json_length({compiler.process(element.clauses, **options)}) = 0)"


def locked(statement: Any) -> Any:
    """`statement` as SQL Server locks rows: by a hint; it drops FOR UPDATE unasked."""
    if getattr(statement, "_for_update_arg", None) is None:
        return statement
    for table in find_tables(statement, check_columns=False):
        statement = statement.with_hint(table, "WITH (UPDLOCK, ROWLOCK)", "mssql")
    return statement


def chunked(items: Sequence[Item], size: int = IN_LIMIT) -> Iterator[Sequence[Item]]:
    """`items` in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def ids_in(column: Any, ids: Sequence[Any]) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`, however many there are.

    Whole numbers stand in the statement itself: PostgreSQL binds at most 65,535
    values to one, SQL Server 2,100.
    """
    inline = all(isinstance(one, int) for one in ids)
    pieces = [
        column.in_(
            sa.bindparam(None, list(piece), expanding=True, literal_execute=inline)
        )
        for piece in chunked(ids)
    ]
    return sa.or_(*pieces) if pieces else sa.false()


def upsert(
    connection: Connection, table: Any, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert `rows`, or update those whose unique `keys` are there already."""
    if not rows:
        return
    changing = [name for name in rows[0] if name not in keys]
    dialect = connection.dialect.name
    if dialect in ("mysql", "mariadb"):
        into = mysql.insert(table)
        connection.execute(
            into.on_duplicate_key_update({n: into.inserted[n] for n in changing}), rows
        )
        return
    if dialect in ("sqlite", "postgresql"):
        made: Any = sqlite.insert(table)
        if dialect == "postgresql":
            made = postgresql.insert(table)
        new = {n: made.excluded[n] for n in changing}
        connection.execute(
            made.on_conflict_do_update(index_elements=keys, set_=new)
            if new
            else made.on_conflict_do_nothing(index_elements=keys),
            rows,
        )
        return
    for row in rows:
        _update_or_insert(connection, table, row, keys)


def insert_new(
    connection: Connection, table: Any, rows: list[dict[str, Any]], keys: list[str]
) -> None:
    """Insert those of `rows` whose unique `keys` are not there yet, even when
    somebody else inserts the same at this moment.
    """
    dialect = connection.dialect.name
    if dialect in ("mysql", "mariadb"):
        into = mysql.insert(table)  # not IGNORE, which would forgive other faults too
        same = {keys[0]: table.c[keys[0]]}
        connection.execute(into.on_duplicate_key_update(same), rows)
    elif dialect in ("sqlite", "postgresql"):
        made: Any = sqlite if dialect == "sqlite" else postgresql
        insert = made.insert(table).on_conflict_do_nothing(index_elements=keys)
        connection.execute(insert, rows)
    else:
        for row in rows:
            where = [table.c[key] == row[key] for key in keys]
            if connection.execute(sa.select(table).where(*where)).first() is None:
                _update_or_insert(connection, table, row, keys)


def _update_or_insert(
    connection: Connection, table: Any, row: dict[str, Any], keys: list[str]
) -> None:
    """For databases without an upsert that SQLAlchemy spells: one row, one retry."""
    where = [table.c[key] == row[key] for key in keys]
    change = sa.update(table).where(*where).values(row)
    if connection.execute(change).rowcount == 0:
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(table), row)
        except sa.exc.IntegrityError:
            connection.execute(change)
