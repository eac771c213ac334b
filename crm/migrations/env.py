"""Alembic's entry: run the migrations on an engine of its own.

On SQLite without enforced foreign keys: batch mode rebuilds a table by dropping
it, and ON DELETE CASCADE would then empty its children. The keys are checked
before the commit instead.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection, event, pool
from sqlmodel import SQLModel

from crm import models
from crm.config import settings
from crm.migrations import steps  # noqa: F401  (registers itself with Alembic)
from crm.models.types import Amount, Bytes, Instant, Json, LongText, Rate, Text

OWN_TYPES = (Amount, Bytes, Instant, Json, LongText, Rate, Text)


def run() -> None:
    """Connect, migrate, check the foreign keys."""
    url = context.config.attributes.get("url") or settings().database_url
    lite = url.startswith("sqlite")
    engine = _sqlite(url) if lite else sa.create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        _take_turns(connection)
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=lite,
            compare_type=_differs,
            render_item=_rendered,
            transaction_per_migration=not lite,
            transactional_ddl=True if lite else None,
        )
        with context.begin_transaction():
            context.run_migrations()
            if lite:
                _check_keys(connection)
    engine.dispose()


def _take_turns(connection: Connection) -> None:
    """One process at a time; SQLite sees to it by BEGIN IMMEDIATE."""
    taken = {
        "postgresql": "SELECT pg_advisory_lock(4711)",
        "mysql": "SELECT GET_LOCK('clientele migrations', 600)",
    }
    taken["mariadb"] = taken["mysql"]
    if wait := taken.get(connection.dialect.name):
        connection.execute(sa.text(wait))
        connection.commit()


def _sqlite(url: str) -> sa.Engine:
    import pysqlite3

    engine = sa.create_engine(url, module=pysqlite3, poolclass=pool.NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _check_keys(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"A migration has broken foreign keys: {broken[:5]}")


def _differs(
    _context: Any, _inspected: Any, _column: Any, found: Any, declared: Any
) -> bool | None:
    """Compare our own types by what they become on this database."""
    if isinstance(declared, OWN_TYPES):
        wanted = declared.load_dialect_impl(_context.dialect)
        length = getattr(wanted, "length", None)
        return length is not None and length != getattr(found, "length", None)
    return None


def _rendered(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own types into a migration by their names."""
    if kind == "type" and isinstance(item, OWN_TYPES):
        autogen.imports.add("from crm.models import types")
        length = item.limit if isinstance(item, Text) else ""
        return f"types.{type(item).__name__}({length})"
    if kind == "type" and item is models.types.Id:
        autogen.imports.add("from crm.models import types")
        return "types.Id"
    return False


run()
