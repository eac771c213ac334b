"""A clean database for every test, on SQLite or on each of the three, and a cast.

Tests of services and of the database (`tests/services`, `tests/db`) run on SQLite,
PostgreSQL and MariaDB; all others on SQLite.
"""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm import db, migrations
from crm.config import secret_key, settings
from crm.db import masks
from crm.models import Actor
from tests import make
from tests.require import absent

pytest_plugins = ["tests.cheaper", "tests.summary", "tests.portability.emitted"]

EVERYWHERE = ("tests/services", "tests/db", "tests/portability")
SERVERS = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1:5432/test",
    "mariadb": "mariadb+pymysql://root@127.0.0.1:3306/test",
}


SLOW = ("tests/ui", "tests/jobs", "tests/warehouse", "tests/security", "tests/demo")
QUICK = "tests/ui/test_pages.py"
ALL_SLOW = {*SLOW, "tests/browser", "tests/crash"} - {"tests/ui"}
LONG = (
    "tests/crash",
    "tests/reliability",
    "tests/browser",
    "tests/db",
    "tests/security",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The quick run does not even read what it leaves out as a whole."""
    is_left_out = collection_path.relative_to(config.rootpath).as_posix() in ALL_SLOW
    return True if is_left_out and "not slow" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages, jobs, the warehouse and all doors at once are no part of the quick run.

    What takes long comes first: at the end, no process waits for another.
    """
    for item in items:
        path = item.path.as_posix()
        is_slow = any(f"/{each}/" in path for each in SLOW)
        if is_slow and not path.endswith(QUICK):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    path = item.path.as_posix()
    places = (n for n, each in enumerate(LONG) if f"/{each}/" in path)
    return next(places, len(LONG))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on one or on all of them."""
    if "database" in metafunc.fixturenames:
        path = metafunc.definition.path.as_posix()
        everywhere = any(each in path for each in EVERYWHERE)
        servers = [pytest.param(name, marks=pytest.mark.slow) for name in SERVERS]
        many_writers = metafunc.definition.get_closest_marker("servers")
        alone = [] if many_writers else ["sqlite"]  # which has one writer at a time
        names = [*alone, *(servers if everywhere else [])]
        metafunc.parametrize("database", names, indirect=True)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "crm.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def servers(worker_id: str) -> Iterator[dict[str, str]]:
    """URLs of migrated databases, one per server and test process; made on demand."""
    made: dict[str, str] = {}
    yield made
    for name in made:
        _drop(name, worker_id)


@pytest.fixture
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An empty database that the whole of `crm` uses; its name is the value."""
    name: str = request.param
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CRM_SECRET_KEY", "a key for tests")
    monkeypatch.setenv("CRM_WORKER", "off")
    secret_key.cache_clear()
    db.forget()
    if name == "sqlite":
        template = request.getfixturevalue("template")
        shutil.copy(template, settings().data_dir / "crm.db")
    else:
        worker = request.getfixturevalue("worker_id")
        servers = request.getfixturevalue("servers")
        url = servers.get(name) or _server(name, worker, servers)
        monkeypatch.setenv("CRM_DATABASE_URL", url)
        db.forget()
    yield name
    if name != "sqlite":
        _empty(db.engine())
    masks._twin.cache_clear()  # would keep the engine, with all it has compiled
    db.forget()
    secret_key.cache_clear()


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The company is eight hours ahead of UTC."""
    monkeypatch.setenv("CRM_TIMEZONE", "Asia/Shanghai")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def admin(database: str) -> Actor:
    """Ada runs the place."""
    return make.actor("Ada", role="admin")


@pytest.fixture
def alice(database: str) -> Actor:
    """Alice sells, and sees what she owns."""
    return make.actor("Alice", role="sales", reach="own", team="North")


@pytest.fixture
def bob(database: str) -> Actor:
    """Bob is on Alice's team, and sees what the team owns."""
    return make.actor("Bob", role="sales", reach="team", team="North")


@pytest.fixture
def charlie(database: str) -> Actor:
    """Charlie sells elsewhere: what Alice owns is not there for him."""
    return make.actor("Charlie", role="sales", reach="own", team="South")


@pytest.fixture
def viewer(database: str) -> Actor:
    """Vera may look at everything and change nothing."""
    return make.actor("Vera", role="read_only")


def _server(name: str, worker: str, servers: dict[str, str]) -> str:
    """Make and migrate this process's database on server `name`."""
    given = os.environ.get(f"CRM_TEST_{name.upper()}_URL", SERVERS[name])
    url = sa.make_url(given).set(database=_name(worker))
    try:
        _drop(name, worker)
        _execute(name, f"CREATE DATABASE {url.database}")
    except sa.exc.OperationalError as error:
        absent(name, f"{name} does not answer: {str(error.orig)[:120]}")
    if name == "postgresql":  # its promises about a power cut are its own to test
        _execute(name, f"ALTER DATABASE {url.database} SET synchronous_commit = off")
    else:  # PyMySQL reads all certificates of the machine for each connection
        url = url.set(query={"ssl_disabled": "true"} | dict(url.query))
    rendered = url.render_as_string(hide_password=False)
    migrations.upgrade(rendered)
    servers[name] = rendered
    return rendered


def _name(worker: str) -> str:
    """Two runs of the tests at one time never share a database."""
    return f"clientele_{worker}_{os.getpid()}"


def _drop(name: str, worker: str) -> None:
    force = " WITH (FORCE)" if name == "postgresql" else ""
    _execute(name, f"DROP DATABASE IF EXISTS {_name(worker)}{force}")


def _execute(name: str, statement: str) -> None:
    given = os.environ.get(f"CRM_TEST_{name.upper()}_URL", SERVERS[name])
    engine = sa.create_engine(given, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _empty(engine: sa.Engine) -> None:
    """Delete all rows; ids go on."""
    is_postgresql = engine.dialect.name == "postgresql"
    off, on = (
        ("SET session_replication_role = replica", "RESET session_replication_role")
        if is_postgresql  # where TRUNCATE would take a second
        else ("SET FOREIGN_KEY_CHECKS = 0", "SET FOREIGN_KEY_CHECKS = 1")
    )
    with engine.begin() as connection:
        filled = connection.exec_driver_sql(_filled(engine.url)).scalars().all()
        connection.exec_driver_sql(off)
        for table in filled:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql(on)


@cache
def _filled(url: sa.URL) -> str:
    """A question for the names of the tables that have rows."""
    engine = sa.create_engine(url)
    names = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in sorted(names)
    )
