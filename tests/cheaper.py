"""Plugin: the tests check the same and cost less."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm import db

MEMORY = Path("/dev/shm")  # noqa: S108  (a folder in memory, where there is one)
ROOM = 2 * 2**30
ENGINE = sys.modules[db.checked.__module__]  # as `crm.db.engine` is the function
STATEMENTS = 2_000  # kept, of some 60 KB; without a word from us it would be 500


def pytest_configure() -> None:
    """Temporary files lie in memory: SQLite waits for a disk at every commit.

    And rubbish is looked for less often: it took a tenth of the time.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    gc.set_threshold(20_000, 10, 10)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More than cores: a third of the time, tests wait for other processes.

    Those of the quick run do not.
    """
    cores = os.cpu_count() or 1
    return cores if "not slow" in config.option.markexpr else cores + cores // 2


def pytest_collection_finish() -> None:
    """What is there now stays."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """DuckDB would call what stays to the end a leak, and print it."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """All engines for one kind of database share what has been compiled for it.

    Every test has an engine of its own, for which SQLAlchemy would else compile
    every statement anew. On PostgreSQL they share their connections, too: there a
    new one is a new process, that knows no table yet.
    """
    build = ENGINE.build
    first: dict[str, sa.Engine] = {}
    pools: dict[str, sa.Pool] = {}

    def built(url: str, **options: Any) -> sa.Engine:
        made: sa.Engine = build(url, query_cache_size=STATEMENTS, **options)
        kept = first.get(made.dialect.name)
        if kept is None or kept.dialect.server_version_info is None:
            first[made.dialect.name] = made  # no other has been connected yet
        else:
            made.dialect, made._compiled_cache = kept.dialect, kept._compiled_cache
            made.pool._pre_ping = False  # no connection gets old within a test
        if made.dialect.name == "postgresql":
            made.pool = pools.setdefault(url, made.pool)
            made.dispose = _nothing  # type: ignore[method-assign]
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ENGINE, "build", built)
        yield
    for pool in pools.values():
        pool.dispose()


def _nothing(close: bool = True) -> None:
    """What becomes of a pool that the next test goes on with."""
