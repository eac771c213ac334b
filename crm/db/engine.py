"""The engine for the database's URL, and what makes SQLite safe.

See `docs/decisions/0007-sqlite-made-safe.md` for why each setting is there.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect, Engine, event

from crm.config import settings
from crm.db.portable import locked
from crm.errors import Unavailable
from crm.i18n import _

SAFE_SQLITE = (3, 51, 3)  # before it, the WAL-reset bug can corrupt the file
CHECKPOINT = 16_000  # pages of 4 KB in the WAL, which then go into the file

_write_lock = threading.RLock()


@cache
def engine() -> Engine:
    """The process-wide engine for `settings().database_url`."""
    return build(settings().database_url)


def build(url: str, **options: Any) -> Engine:
    """An engine for `url`, set up as its database needs it."""
    if url.startswith("sqlite"):
        return _sqlite(url, options)
    if url.startswith("postgresql"):
        # READ COMMITTED as is; the pool checks connections that may have died
        return sa.create_engine(url, pool_pre_ping=True, pool_size=20, **options)
    made = sa.create_engine(
        url, pool_pre_ping=True, pool_size=20, pool_recycle=3000, **options
    )
    if url.startswith(("mysql", "mariadb")):
        event.listen(made, "connect", _prepare_mysql)
    _listen(made)
    return made


def twin(bind: Engine, dialect: Dialect) -> Engine:
    """An engine on the connections of `bind`, with statements spelled by `dialect`."""
    made = Engine(bind.pool, dialect, bind.url)
    _listen(made)
    return made


def _listen(made: Engine) -> None:
    """What an engine does beside its pool, which prepares the connections."""
    if made.dialect.name == "sqlite":
        event.listen(made, "begin", _begin_sqlite)
    elif made.dialect.name == "mssql":
        event.listen(made, "before_execute", _lock_rows, retval=True)


def forget() -> None:
    """Close the engine and read the settings anew, for tests and after a fork."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    settings.cache_clear()


@contextmanager
def one_writer(bind: Engine) -> Iterator[None]:
    """Let writers of this process take turns on SQLite: fair, and never “locked”.

    Enter and leave it in one function call: a thread that goes away with it
    stops every other writer.
    """
    if bind.dialect.name != "sqlite":
        yield
        return
    if not _write_lock.acquire(timeout=30):
        raise Unavailable(_("The database is busy. Nothing was saved; try again."))
    try:
        yield
    finally:
        _write_lock.release()


def checked(bind: Engine) -> list[str]:
    """What is not as safe as it should be, in words; empty when all is well."""
    if bind.dialect.name != "sqlite":
        return []
    with bind.connect() as connection:
        version = tuple(
            int(part)
            for part in connection.scalar(sa.text("select sqlite_version()")).split(".")
        )
        pragma = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        }
    found = []
    if version < SAFE_SQLITE:
        found.append("SQLite is older than 3.51.3: its WAL can corrupt the file.")
    if pragma["journal_mode"] != "wal":
        found.append("The log is not WAL: readers and writers stop each other.")
    if pragma["synchronous"] != 2:
        found.append("synchronous is not FULL: a power cut can lose saved work.")
    if pragma["foreign_keys"] != 1:
        found.append("foreign_keys is off: records can lose their parents.")
    if "_sqlite3" in sys.modules:
        found.append(
            "Python's own SQLite is loaded as well: if it opens the database, other "
            "processes can overwrite what this one saves."
        )
    return found


def _sqlite(url: str, options: dict[str, Any]) -> Engine:
    made = sa.create_engine(
        url,
        module=_library(),
        pool_size=20,
        max_overflow=40,
        connect_args={"timeout": 30, "check_same_thread": False},
        **options,
    )
    event.listen(made, "connect", _prepare_sqlite)
    _listen(made)
    return made


def _library() -> Any:
    """pysqlite3, which brings a SQLite without the WAL-reset bug."""
    import pysqlite3

    # else it looks for an adapter of each NULL in vain, which takes longer than to
    # write a value: a customer of many empty fields came in at half the pace
    pysqlite3.register_adapter(type(None), _same)
    return pysqlite3


def _same(value: None) -> None:
    return value


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "busy_timeout = 30000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        f"wal_autocheckpoint = {CHECKPOINT}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows ASCII only; the other databases lower É too
    connection.create_function("lower", 1, _lowered, deterministic=True)


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("crm_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_mysql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute(
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"
        )
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")


def _lock_rows(
    _connection: Any, statement: Any, values: Any, parameters: Any, _options: Any
) -> tuple[Any, Any, Any]:
    return locked(statement), values, parameters
