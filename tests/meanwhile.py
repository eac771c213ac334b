"""What somebody else does between a look and the write that rests on it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from crm import db
from crm.models import Actor

WAITING = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = current_database()",
    "mariadb": "SELECT variable_value FROM information_schema.global_status"
    " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'",
}


@contextmanager
def meanwhile(owner: Any, name: str, act: Callable[[], Any]) -> Iterator[Any]:
    """Have `act` done by somebody else once the block has called `owner.name`: to its
    end, or until it waits for what the block holds. For databases of many writers.

    Yields what tells, after the block, how that went: its result, or what it raised.
    """
    look, begun = getattr(owner, name), list[Future[Any]]()
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:

        def looked(*args: Any, **options: Any) -> Any:
            found = look(*args, **options)
            if not begun:
                patch.undo()
                begun.append(pool.submit(act))
                while not begun[0].done() and not _is_waiting():
                    time.sleep(0.01)
            return found

        def told() -> Any:
            return begun[0].result()

        patch.setattr(owner, name, looked)
        yield told


def doing(actor: Actor, deed: Any, *args: Any, **given: Any) -> Any:
    """A call that does `deed` in a transaction of its own."""

    def call() -> Any:
        with db.transaction(actor) as session:
            return deed(session, *args, **given)

    return call


def _is_waiting() -> bool:
    """Whether somebody waits for a lock; on MariaDB, in any of its databases."""
    with db.engine().connect() as connection:
        found = connection.scalar(text(WAITING[db.engine().dialect.name]))
    return int(found) > 0
