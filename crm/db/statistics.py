"""What SQLite knows of its tables, so that it picks the right index.

Servers keep such figures by themselves. SQLite takes any equality to find a few rows,
until it has been told: a list of a million customers then took 170 ms, not 3. And it
tells no connection but the one that has looked, whatever process the others are in:
one that knew of 1,000 customers read all of a million for every 1,000 it wanted.
"""

from typing import Any

from sqlalchemy import Connection

from crm.db.engine import engine, one_writer

ALL_TABLES = 0x10002  # also those that this connection has not read yet


def refresh() -> None:
    """Look again at tables that have grown or shrunk a lot; costs nothing otherwise.

    Every connection of every process goes by it from its next statement on.
    """
    if engine().dialect.name != "sqlite":
        return
    bind = engine().execution_options(crm_writes=True)
    with one_writer(bind), bind.connect() as connection:
        before = _figures(connection)
        connection.exec_driver_sql(f"PRAGMA optimize = {ALL_TABLES}")
        if _figures(connection) != before:
            _announce(connection)
        connection.commit()


def _figures(connection: Connection) -> list[Any]:
    """What has been found out so far."""
    is_there = "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"
    if not connection.exec_driver_sql(is_there).scalar():
        return []
    every = "SELECT * FROM sqlite_stat1 ORDER BY tbl, idx"
    return list(connection.exec_driver_sql(every).all())


def _announce(connection: Connection) -> None:
    """Change the schema and back: whoever sees that reads it and the figures anew."""
    connection.exec_driver_sql("CREATE TABLE new_figures (id INTEGER)")
    connection.exec_driver_sql("DROP TABLE new_figures")
