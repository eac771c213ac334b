"""Sessions of signed-in browsers: rows that can be listed, checked and ended.

The browser keeps an opaque token, the database its hash. Role, reach and team are
read anew each time, so that a change takes effect at once.
"""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from crm import db
from crm.config import settings
from crm.errors import NotFound, Unavailable
from crm.models import (
    SYSTEM,
    Action,
    Actor,
    ApiToken,
    Invitation,
    User,
    UserSession,
    utcnow,
)
from crm.services.admin.hidden_from import hidden_from, of_role

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
KEPT = timedelta(days=30)  # how long an ended session stays in the table
SEEN_EVERY = timedelta(minutes=1)  # a row is not written with every click


@dataclass(frozen=True)
class Visit:
    """Where a request comes from: the client's address and what it calls itself."""

    address: str | None = None
    browser: str | None = None
    language: str | None = None


def digest(token: str) -> str:
    """What is stored in place of a random token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(session: Session, user: User, visit: Visit, *, at: datetime) -> str:
    """Open a session for `user`; return its token, which is not kept."""
    long_over = or_(
        col(UserSession.seen_at) < at - KEPT, col(UserSession.ended_at) < at - KEPT
    )
    session.execute(delete(UserSession).where(_of(user.id), long_over))
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=digest(token),
            user_id=user.id,
            created_at=at,
            seen_at=at,
            address=(visit.address or "")[:64] or None,
            browser=(visit.browser or "")[:255] or None,
        )
    )
    session.flush()
    return token


def who(token: str, *, at: datetime | None = None) -> Actor | None:
    """Whose session `token` opens; None if nobody's, or it has ended."""
    return _actor(col(UserSession.token_hash) == digest(token), at or utcnow())


def alive(session_id: int, *, at: datetime | None = None) -> Actor | None:
    """Who acts in session `session_id`, as the database knows them now."""
    return _actor(col(UserSession.id) == session_id, at or utcnow())


def listed(session: Session, *, at: datetime) -> list[UserSession]:
    """The actor's own open sessions, last seen first."""
    user_id = db.actor_of(session).user_id
    statement = select(UserSession).where(_of(user_id), *_open(at))
    return list(session.exec(statement.order_by(col(UserSession.seen_at).desc())))


def end(session: Session, session_id: int, *, at: datetime) -> None:
    """End a session of the actor, or of anyone for those who manage users.

    Raises:
        NotFound: there is no such session, or it is somebody else's.
    """
    actor = db.actor_of(session)
    row = db.get(session, UserSession, session_id)
    if row.user_id != actor.user_id and not actor.may(Action.UPDATE, "app_user"):
        raise NotFound(UserSession, session_id)
    row.ended_at = row.ended_at or at


def end_by_token(session: Session, token: str, *, at: datetime) -> None:
    """End the session that `token` opens, if any."""
    mine = col(UserSession.token_hash) == digest(token)
    still_open = col(UserSession.ended_at).is_(None)
    session.execute(update(UserSession).where(mine, still_open).values(ended_at=at))


def end_all(session: Session, user_id: int, *, at: datetime) -> None:
    """End every session of a user."""
    still_open = col(UserSession.ended_at).is_(None)
    statement = update(UserSession).where(_of(user_id), still_open)
    session.execute(statement.values(ended_at=at))


def shut_out(session: Session, user_id: int, *, at: datetime) -> None:
    """End all that lets a user in: sessions, API tokens, links not yet used."""
    end_all(session, user_id, at=at)
    session.execute(delete(Invitation).where(col(Invitation.user_id) == user_id))
    valid = select(ApiToken).where(
        ApiToken.user_id == user_id, col(ApiToken.revoked_at).is_(None)
    )
    for token in session.exec(valid):
        token.revoked_at = at


def actor(row: Any, *, hidden: frozenset[str] | None = None, **details: Any) -> Actor:
    """The actor behind a row with the columns of `USER`, or behind a user.

    `hidden` is looked up where it is not given.
    """
    return Actor(
        hidden=hidden_from(row.role) if hidden is None else hidden,
        user_id=row.id,
        name=row.name,
        role=row.role,
        reach=row.reach,
        team_id=row.team_id,
        language=row.language or settings().language or "en",
        **details,
    )


USER: tuple[Any, ...] = (
    col(User.id),
    col(User.name),
    col(User.role),
    col(User.reach),
    col(User.team_id),
    col(User.language),
)


def _actor(which: ColumnElement[bool], at: datetime) -> Actor | None:
    """Two SELECTs, and at most once a minute one small write."""
    statement: Select[*tuple[Any, ...]] = (
        columns(
            *USER,
            col(UserSession.id).label("session_id"),
            col(UserSession.seen_at).label("seen_at"),
        )
        .join(UserSession, col(UserSession.user_id) == col(User.id))
        .where(which, col(User.active).is_(True), *_open(at))
    )
    with db.reading(SYSTEM) as session:
        row = session.execute(statement).first()
        hidden = of_role(session, row.role) if row else frozenset()
    if row is None:
        return None
    if row.seen_at < at - SEEN_EVERY:
        _see(row.session_id, at)
    return actor(row, hidden=hidden, session_id=row.session_id)


def _see(session_id: int, at: datetime) -> None:
    """Note that a session is in use; a database that cannot write may still read."""
    mine = col(UserSession.id) == session_id
    with suppress(Unavailable), db.transaction(SYSTEM) as session:
        session.execute(update(UserSession).where(mine).values(seen_at=at))


def _of(user_id: int | None) -> ColumnElement[bool]:
    return col(UserSession.user_id) == user_id


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Neither ended, nor idle for too long, nor too old."""
    return (
        col(UserSession.ended_at).is_(None),
        col(UserSession.seen_at) > at - IDLE,
        col(UserSession.created_at) > at - LONGEST,
    )
