"""Turns: a job that writes for minutes lets others write in between.

SQLite has one writer at a time and no queue: whoever waits looks again and again, in
the end every tenth of a second. Without breaks, a job's next transaction nearly always
begins before anybody has looked: saving a customer took up to 5 s.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from crm.config import settings
from crm.errors import Duplicate, Stale
from crm.jobs.context import JobContext

BUSY = 0.3  # seconds of writing after which a break is due
BREAK = 0.11  # seconds, of which the job's own work between two writes is a part
TRIES = 3  # of a write that meets somebody else's work


class Turns:
    """The writes of one run of a job, with breaks where they are due."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._written = 0.0  # seconds since the last break
        self._ended = 0.0

    def write(
        self, name: str, function: Callable[..., Any], *args: Any, **why: Any
    ) -> Any:
        """As `JobContext.write`; again, where somebody has just taken a number or
        changed a record.
        """
        for _try in range(TRIES - 1):
            with suppress(Duplicate, Stale):
                return self._write(name, function, *args, **why)
        return self._write(name, function, *args, **why)

    def _write(self, *args: Any, **why: Any) -> Any:
        if self._written >= BUSY and settings().is_sqlite:
            time.sleep(max(0.0, self._ended + BREAK - time.monotonic()))
            self._written = 0.0
        began = time.monotonic()
        try:
            return self._context.write(*args, **why)
        finally:
            self._ended = time.monotonic()
            self._written += self._ended - began
