"""Sessions that know who acts: to read, to write, to fetch one row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from crm.db import log, masks, visibility, watch
from crm.db.engine import engine, one_writer
from crm.errors import CRMError, Duplicate, NotFound, Stale, Unavailable
from crm.i18n import _
from crm.models import Actor, Reason, utcnow

Entity = TypeVar("Entity", bound=SQLModel)

UNIQUE = frozenset[object]({"23505", 1062})
FOREIGN = frozenset[object]({"23503", "23001", 1451, 1452})

__all__ = ["actor_of", "get", "is_duplicate", "reading", "savepoint", "transaction"]


@contextmanager
def reading(actor: Actor) -> Iterator[Session]:
    """Yield a session that shows `actor` what is in reach, and cannot write.

    Raises:
        Unavailable: the database does not answer.
    """
    with Session(_bind(actor), expire_on_commit=False, autoflush=False) as session:
        _equip(session, actor)
        session.info["read_only"] = True
        try:
            yield session
        except OperationalError as error:
            raise _in_words(error) or error from error


@contextmanager
def transaction(
    actor: Actor,
    *,
    reason: Reason = Reason.EDIT,
    note: str | None = None,
    at: datetime | None = None,
) -> Iterator[Session]:
    """Yield a session for one operation; commit when the block ends.

    Rolls back when the block raises. Keep `st.rerun` and `st.stop` outside: they
    leave by raising. After the block, `operation_of(session)` is the operation's
    id, or None when nothing has changed.

    Raises:
        Forbidden: a write that `actor` may not do.
        Stale: a row has changed since it was read, or another that it names is gone.
        Duplicate: a value that must be unique is there already.
        Unavailable: the database does not answer; nothing was saved.
    """
    bind = _bind(actor).execution_options(crm_writes=True)
    with one_writer(bind), Session(bind, expire_on_commit=False) as session:
        _equip(session, actor)
        log.begin(session, reason=reason, note=note, at=at or utcnow())
        try:
            yield session
            log.seal(session)
            session.commit()
        except CRMError:
            session.rollback()
            raise
        except Exception as error:
            session.rollback()
            raise _in_words(error) or error from error


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo what the block has done when it raises, its entries in the log too."""
    mark = log.mark(session)
    try:
        with session.begin_nested():
            yield
    except BaseException:
        log.rewind(session, mark)
        raise


def get(session: Session, entity: type[Entity], key: int, **options: Any) -> Entity:
    """The row of `entity` under its primary key.

    Raises:
        NotFound: there is none, or none in the actor's reach.
    """
    if not 0 < key < 2**63:
        raise NotFound(entity, key)
    if (row := session.get(entity, key, **options)) is None:
        raise NotFound(entity, key)
    return row


def actor_of(session: Session) -> Actor:
    """Who acts in this session."""
    actor: Actor = session.info["actor"]
    return actor


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a value that must be unique is there already."""
    return _says(error, UNIQUE, "unique", "duplicate")


def _says(error: IntegrityError, codes: frozenset[object], *words: str) -> bool:
    """By its code, as PostgreSQL and MariaDB may speak any language; else in words."""
    told = error.orig
    first = told.args[0] if told and told.args else None
    if {getattr(told, "sqlstate", None), first} & codes:
        return True
    return any(word in str(told).lower() for word in words)


def _bind(actor: Actor) -> Engine:
    """The engine, through which hidden fields are not seen."""
    try:
        return masks.blind(engine(), actor.hidden)
    except OperationalError as error:
        raise _in_words(error) or error from error


def _equip(session: Session, actor: Actor) -> None:
    session.info["actor"] = actor
    visibility.apply(session)
    watch.listen(session)


def _in_words(error: Exception) -> CRMError | None:
    """What a failure of the database means to the user; None for a bug."""
    if isinstance(error, StaleDataError):
        return Stale(_("This record has changed since you opened it."))
    if isinstance(error, IntegrityError):
        if is_duplicate(error):
            return Duplicate(_("A record with the same value is there already."))
        if _says(error, FOREIGN, "foreign key"):  # it has gone, or come, since a look
            return Stale(
                _("Something that belongs to this was changed or deleted meanwhile.")
            )
    if isinstance(error, OperationalError):
        if "1020" in str(error.orig):  # MariaDB: changed since last read
            return Stale(_("This record has changed since you opened it."))
        return Unavailable(_("The database does not answer. Nothing was saved."))
    return None
