"""The file of the warehouse: replaced whole, never written to.

Readers always find a finished copy, hold nobody up and wait for nobody; what a
killed writer leaves behind is a file beside it that nobody reads.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from crm.config import settings
from crm.errors import Unavailable
from crm.i18n import _

PATIENCE = 60  # seconds to wait for another writer
PREFIX = "duckdb:///"
OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def path() -> Path:
    """Where the warehouse lies.

    Raises:
        Unavailable: `CRM_WAREHOUSE_URL` names something else than a DuckDB file.
    """
    url = settings().warehouse_url
    if not url.startswith(PREFIX):
        words = _("There is no warehouse of the kind “{kind}”.")
        raise Unavailable(words.format(kind=url.partition(":")[0]))
    return Path(url.removeprefix(PREFIX))


@contextmanager
def one_writer() -> Iterator[None]:
    """Let writers take turns, whatever thread or process they are in.

    By the lock of an empty SQLite file: it ends with its process, however that ends.

    Raises:
        Unavailable: another writer has been at it for a minute.
    """
    import pysqlite3

    lock = _beside(".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with closing(pysqlite3.connect(lock, timeout=PATIENCE, isolation_level=None)) as c:
        try:
            c.execute("BEGIN EXCLUSIVE")
        except pysqlite3.OperationalError as error:
            words = _("The copy for analysis is being refreshed already; wait for it.")
            raise Unavailable(words) from error
        yield


@contextmanager
def replacing() -> Iterator[Any]:
    """A connection to an empty file, in one transaction, for `one_writer`.

    When the block ends, it takes the place of the file that was there; when it
    raises, that stays. Nothing of the old file is left in the new one but what was
    copied: what people had deleted is not in its bytes either.
    """
    import duckdb

    made = _beside(".next")
    _clear(made)
    try:
        with closing(duckdb.connect(made, config=OFFLINE)) as connection:
            made.chmod(0o600)
            connection.begin()
            yield connection
            connection.commit()
            connection.execute("CHECKPOINT")
        made.replace(path())
    finally:
        _clear(made)


def attach(connection: Any, name: str) -> None:
    """Let `connection` read the file as it stands, as the database `name`."""
    connection.execute(f"ATTACH ? AS {name} (READ_ONLY)", [str(path())])


def opened() -> Any:
    """A connection that sees the file as `house`, and can do nothing to it.

    Attached to a database in memory: DuckDB would give a thread that connects to the
    file the one that another thread still has open, even after it was replaced.
    """
    import duckdb

    connection = duckdb.connect(
        ":memory:", config=OFFLINE | {"temp_directory": str(_beside(".tmp"))}
    )
    try:
        attach(connection, "house")
    except BaseException:
        connection.close()
        raise
    return connection


def _beside(ending: str) -> Path:
    return path().with_name(path().name + ending)


def _clear(made: Path) -> None:
    for one in (made, made.with_name(made.name + ".wal")):
        one.unlink(missing_ok=True)
