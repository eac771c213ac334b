"""The change log walked from its first operation to its head, every seal recomputed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, inspect, select
from sqlmodel import Session

from crm.db.log import HEAD
from crm.db.masks import bare
from crm.db.seals import GENESIS, head_seal, sealed
from crm.i18n import N_, _
from crm.models import Change, LogHead, Operation, User

OPERATIONS = 500  # read at a time
CHANGES = 2000

_ALTERED = N_(
    "This operation, or the one before it, or one of their changes was altered, "
    "removed or put in another place."
)
_STRAY = N_("A change lies outside the operation that it was sealed with.")
_CUT = N_("Operations were removed from the end of the log.")
_NO_HEAD = N_("The head of the log is missing.")


@dataclass(frozen=True)
class Verified:
    """Whether the log is as it was written; else the first operation that is not.

    `operations` counts those that were found whole. A log cut off at its end is
    broken at the last operation that is left.
    """

    ok: bool
    operations: int
    broken_at: int | None = None
    why: str | None = None


def verify(session: Session) -> Verified:
    """Recompute all seals, in pieces: memory does not grow with the log.

    Needs the installation's secret key. Operations that are written meanwhile are
    walked too.
    """
    walk = _Walk(session.connection())
    try:
        walk.to_the_end()
    except _Broken as found:
        return Verified(False, walk.count, found.operation_id, str(found))
    return Verified(True, walk.count)


class _Broken(Exception):
    def __init__(self, operation_id: int | None, why: str) -> None:
        super().__init__(_(why))
        self.operation_id = operation_id


class _Walk:
    """How far the log has been found whole."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.count = 0
        self.last_id = 0
        self.seal = GENESIS
        self.change_id = 0
        self.changes: deque[Row[Any]] = deque()

    def to_the_end(self) -> None:
        while True:
            while self._advance():
                pass
            if self._next_change() is not None:
                self._must_advance(_STRAY)
            elif (head := self._head()) and (head.operation_id or 0) > self.last_id:
                self._must_advance(_CUT)
            else:
                return self._check_head(head)

    def _must_advance(self, why: str) -> None:
        """More is there, so an operation must have been written meanwhile."""
        if not self._advance():
            raise _Broken(self.last_id, why)

    def _advance(self) -> bool:
        """Check the next operations; False where there are none."""
        table = inspect(Operation).local_table
        after = select(table).where(table.c.id > self.last_id).order_by(table.c.id)
        found = self.connection.execute(after.limit(OPERATIONS)).all()
        for operation in found:
            self._check(operation)
        return bool(found)

    def _check(self, operation: Row[Any]) -> None:
        changes = map(_mapping, self._changes_of(operation.id))
        if sealed(self.seal, _mapping(operation), changes) != operation.seal:
            raise _Broken(operation.id, _ALTERED)
        self.count += 1
        self.last_id, self.seal = operation.id, operation.seal

    def _check_head(self, head: Any) -> None:
        if head is None:
            if self.count or self._somebody_was_here():
                raise _Broken(self.last_id or None, _NO_HEAD)
            return
        known = self.last_id or None, self.count
        fits = (head.operation_id, head.operations) == known
        if not fits or head.seal != head_seal(*known, self.seal):
            raise _Broken(self.last_id, _CUT)

    def _somebody_was_here(self) -> bool:
        """Users are made in logged transactions: where one is, a log was."""
        users = select(inspect(User).local_table.c.id).limit(1)
        return self.connection.scalar(users) is not None

    def _changes_of(self, operation_id: int) -> Iterator[Row[Any]]:
        while (change := self._next_change()) is not None:
            if change.operation_id < operation_id:
                raise _Broken(operation_id, _STRAY)
            if change.operation_id > operation_id:
                return
            yield self.changes.popleft()

    def _next_change(self) -> Row[Any] | None:
        if not self.changes:
            table = bare(inspect(Change).local_table)  # all of it, whoever asks
            after = table.c.id > self.change_id
            page = select(table).where(after).order_by(table.c.id).limit(CHANGES)
            self.changes.extend(self.connection.execute(page).all())
            if self.changes:
                self.change_id = self.changes[-1].id
        return self.changes[0] if self.changes else None

    def _head(self) -> Any:
        table = inspect(LogHead).local_table
        statement = select(table).where(table.c.id == HEAD)
        return self.connection.execute(statement).first()


def _mapping(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)
