"""Bring the warehouse up to date: by what the change log names, else made anew."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from crm import db
from crm.config import settings
from crm.errors import Unavailable
from crm.i18n import _
from crm.models import SYSTEM, utcnow
from crm.warehouse import files, reopened, source
from crm.warehouse.source import Ids
from crm.warehouse.tables import COPIED, FIRST_SALE, TICKETS, VERSION, Copied

log = logging.getLogger(__name__)

Told = Callable[[float, str], Any]


@dataclass(frozen=True)
class Mark:
    """How far the warehouse goes; it lies in the file, written with the data.

    `seal` is that of the last change: a database in which it differs, such as one
    restored from a backup, has another history. What orders are worth is said in
    `currency`, and days are those of `zone`.
    """

    version: int
    currency: str
    zone: str
    change_id: int
    seal: str
    data_at: datetime


class _Unfit(Exception):
    """Why the log alone cannot bring the file up to date."""


def refresh(on_progress: Told | None = None) -> datetime:
    """Bring the warehouse up to date; every commit before the result (aware) is in.

    `on_progress` is told a share, 0 to 1, and a stage in words; what it raises ends
    the refresh, and the warehouse stays as it was.

    Raises:
        Unavailable: the database does not answer, somebody else is refreshing, or
            the file cannot be written.
    """
    import duckdb

    told = on_progress or (lambda _share, _stage: None)
    try:
        with files.one_writer():
            at = utcnow()
            with db.reading(SYSTEM) as session:
                connection = source.one_moment(session)
                # before the rows: what is committed meanwhile is read again
                newest = source.last_change(connection)
                mark = Mark(*_kind(), *newest, at)
                if not _caught_up(connection, mark, told):
                    _made_anew(connection, mark, told)
            return at
    except (duckdb.Error, OSError) as error:
        raise Unavailable(_("The copy for analysis cannot be written.")) from error


def mark_of(duck: Any, schema: str) -> Mark | None:
    """The mark in a file; None where it is no warehouse, or not one as made now."""
    import duckdb

    try:
        found = duck.table(f"{schema}.mark").fetchall()
    except duckdb.Error:
        return None
    if not found or found[0][:3] != _kind():
        return None
    *_of_all, change_id, seal, data_at = found[0]
    return Mark(*_kind(), change_id, seal, data_at.replace(tzinfo=UTC))


def _kind() -> tuple[int, str, str]:
    """What a file must have been made with: version, currency and zone."""
    return VERSION, settings().currency, settings().timezone


def _caught_up(connection: Connection, mark: Mark, told: Told) -> bool:
    """Whether there is a new file, of the rows that the log names and the old ones."""
    import duckdb

    try:
        with files.replacing() as duck:
            files.attach(duck, "old")
            changed = _changed(connection, mark_of(duck, "old.main"))
            for number, copied in enumerate(COPIED):
                told(number / len(COPIED), _("Copying what has changed"))
                _copy_again(connection, duck, copied, changed[copied.logged_as])
            reopened.copy_again(connection, duck, changed[TICKETS.logged_as])
            _check_counts(connection, duck)
            _finish(duck, mark)
    except (_Unfit, duckdb.Error) as why:
        log.info("the warehouse is made anew: %s", why)
        return False
    return True


def _made_anew(connection: Connection, mark: Mark, told: Told) -> None:
    total, done = sum(source.counts(connection, COPIED).values()), 0
    with files.replacing() as duck:
        for copied in COPIED:
            duck.execute(copied.create)
            for piece in source.all_rows(connection, copied):
                _insert(duck, copied, piece)
                done += piece.num_rows
                told(done / total, _("Copying everything"))
        reopened.copy_all(connection, duck)
        _finish(duck, mark)


def _changed(connection: Connection, mark: Mark | None) -> dict[str, Ids]:
    if mark is None:
        raise _Unfit("it is of another version, currency or time zone")
    if (source.seal_of(connection, mark.change_id) or "") != mark.seal:
        raise _Unfit("the database has another history")
    return source.touched(connection, mark.change_id)


def _copy_again(connection: Connection, duck: Any, copied: Copied, ids: Ids) -> None:
    import pyarrow as pa

    duck.register("touched", pa.table({"id": ids}))
    duck.execute(copied.create)
    duck.execute(copied.kept)
    for piece in source.rows_of(connection, copied, ids):
        _insert(duck, copied, piece)


def _insert(duck: Any, copied: Copied, piece: Any) -> None:
    """Not by `register`, which would keep every piece until the transaction ends."""
    rows = duck.from_arrow(piece).filter(copied.only)
    rows.project(copied.exact).insert_into(copied.name)


def _check_counts(connection: Connection, duck: Any) -> None:
    """Lines need none: they come and go with their order."""
    for name, count in source.counts(connection, COPIED[:-1]).items():
        if len(duck.table(name)) != count:
            raise _Unfit(f"rows of {name} came or went past the log")


def _finish(duck: Any, mark: Mark) -> None:
    duck.execute(FIRST_SALE, [mark.currency])
    at = mark.data_at.replace(tzinfo=None)
    duck.execute(
        "CREATE TABLE mark AS SELECT ? AS version, ? AS currency, ? AS zone, "
        "CAST(? AS BIGINT) AS change_id, ? AS seal, CAST(? AS TIMESTAMP) AS data_at",
        [mark.version, mark.currency, mark.zone, mark.change_id, mark.seal, at],
    )
