"""What SQLite knows of its tables, so that it picks the right index.

Servers keep such figures by themselves. SQLite takes any equality to find a few rows,
until it has been told: a list of a million customers then took 170 ms, not 3.
"""

from crm.db.engine import engine, one_writer

ALL_TABLES = 0x10002  # also those that this connection has not read yet


def refresh() -> None:
    """Look again at tables that have grown or shrunk a lot; costs nothing otherwise."""
    if engine().dialect.name != "sqlite":
        return
    bind = engine().execution_options(crm_writes=True)
    with one_writer(bind), bind.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA optimize = {ALL_TABLES}")
        connection.commit()
