"""MySQL and MariaDB commit every change to a table at once.

A migration that fails half-way leaves there what it has done. So each step looks
first whether it is done already, and the next try goes on where the last one ended.
"""

from typing import Any

from alembic.ddl.base import AddColumn, DropColumn
from alembic.ddl.mysql import MariaDBImpl, MySQLImpl
from sqlalchemy import Connection, inspect, schema

MAKES = (schema.CreateTable, schema.CreateIndex, schema.AddConstraint, AddColumn)
TAKES = (schema.DropTable, schema.DropIndex, schema.DropConstraint, DropColumn)


class _Steps:
    """What an implementation of Alembic's does, left out where it is done."""

    def _exec(self, construct: Any, *args: Any, **kwargs: Any) -> Any:
        connection: Connection | None = getattr(self, "connection", None)
        if connection is not None and is_done(connection, construct):
            return None
        return super()._exec(construct, *args, **kwargs)  # type: ignore[misc]  # Alembic's


class RepeatableMySQL(_Steps, MySQLImpl):
    """Registers itself for MySQL."""

    __dialect__ = "mysql"


class RepeatableMariaDB(_Steps, MariaDBImpl):
    """Registers itself for MariaDB."""

    __dialect__ = "mariadb"


def is_done(connection: Connection, step: Any) -> bool:
    """Whether a step that makes something finds it there, or one that takes it none."""
    if not isinstance(step, MAKES + TAKES):
        return False
    return isinstance(step, MAKES) == _is_there(connection, step)


def _is_there(connection: Connection, step: Any) -> bool:
    catalog = inspect(connection)
    if isinstance(step, AddColumn | DropColumn):
        columns = catalog.get_columns(step.table_name)
        return step.column.name in {found["name"] for found in columns}
    thing: Any = step.element
    if isinstance(step, schema.CreateTable | schema.DropTable):
        return catalog.has_table(thing.name)
    table = thing.table.name
    if isinstance(step, schema.CreateIndex | schema.DropIndex):
        return catalog.has_index(table, thing.name)
    constraints = (
        *catalog.get_unique_constraints(table),
        *catalog.get_foreign_keys(table),
        *catalog.get_check_constraints(table),
    )
    return thing.name in {found["name"] for found in constraints}
