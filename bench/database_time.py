"""The time that a process spends in its database, apart from all that it does besides.

Taken where SQLAlchemy calls the driver: statements, their rows, commits. The work of
SQLite is done in there; with a server it is the waiting for it. What goes on around it,
such as making and checking rows, is not counted.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy.engine.cursor import CursorFetchStrategy

from crm import db

ASKS = ("do_execute", "do_executemany", "do_execute_no_params")
FETCHES = ("fetchone", "fetchmany", "fetchall")
KINDS = {"INSERT": "insert", "SELECT": "select", "COMMIT": "commit"}
BEGIN = "BEGIN IMMEDIATE"

Call = Callable[..., Any]


class Meter:
    """Seconds in the database by kind of statement, and the length of each write.

    `cpu` are the seconds of the processor among them: the rest is waiting, for the disk
    or for others at the machine. A write lasts from where it holds others up until its
    commit is over.
    """

    def __init__(self) -> None:
        self.seconds = dict.fromkeys((*KINDS.values(), "other"), 0.0)
        self.cpu = 0.0
        self.writes: list[float] = []
        self._kind = "other"
        self._began: float | None = None

    @property
    def whole(self) -> float:
        """All seconds in the database."""
        return sum(self.seconds.values())

    def asking(self, call: Call) -> Call:
        """`call`, which sends a statement, with its time taken."""

        def timed(cursor: Any, statement: str, *args: Any, **more: Any) -> Any:
            kind = statement.lstrip().partition(" ")[0].upper()
            self._kind = KINDS.get(kind, "other")
            try:
                return self._timed(call, cursor, statement, *args, **more)
            finally:
                if statement == BEGIN:
                    self._began = time.perf_counter()

        return timed

    def fetching(self, call: Call) -> Call:
        """`call`, which fetches rows of the last statement, with its time taken."""

        def timed(*args: Any, **more: Any) -> Any:
            return self._timed(call, *args, **more)

        return timed

    def ending(self, call: Call) -> Call:
        """`call`, which ends a transaction, with its time taken."""

        def timed(*args: Any) -> Any:
            self._kind = "commit"
            try:
                return self._timed(call, *args)
            finally:
                if self._began is not None:
                    self.writes.append(time.perf_counter() - self._began)
                    self._began = None

        return timed

    def _timed(self, call: Call, *args: Any, **more: Any) -> Any:
        began = time.perf_counter(), time.thread_time()
        try:
            return call(*args, **more)
        finally:
            self.seconds[self._kind] += time.perf_counter() - began[0]
            self.cpu += time.thread_time() - began[1]


@contextmanager
def measured() -> Iterator[Meter]:
    """A meter of the database of this process, until the block ends.

    Of one thread: what others ask meanwhile would count, too.
    """
    meter, dialect = Meter(), db.engine().dialect
    calls = [(dialect, name, meter.asking) for name in ASKS]
    calls += [(CursorFetchStrategy, name, meter.fetching) for name in FETCHES]
    calls += [(dialect, name, meter.ending) for name in ("do_commit", "do_rollback")]
    patches = [
        patch.object(where, name, wrap(getattr(where, name)))
        for where, name, wrap in calls
    ]
    for one in patches:
        one.start()
    try:
        yield meter
    finally:
        for one in patches:
            one.stop()
