"""Invitations: a link by which a user sets a password, once and not for long.

An administrator makes it and hands it over; nobody ever knows another's password.
The link itself is shown once, the database keeps its hash.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from crm import db
from crm.errors import NotFound, RuleBroken
from crm.i18n import _
from crm.models import (
    SYSTEM,
    Action,
    Actor,
    Invitation,
    Reason,
    User,
    utcnow,
)
from crm.services.admin import passwords, sessions
from crm.services.admin.sessions import Visit

FIRST = timedelta(hours=48)  # to set the first password
AGAIN = timedelta(minutes=30)  # to replace one


def invite(session: Session, user_id: int, *, at: datetime) -> str:
    """Make a link token for a user, valid for 48 hours; 30 minutes if the user has a
    password already. Links made before stop working. The page is
    `/account/invitation?token=…`.

    Raises:
        NotFound: the user does not exist.
        RuleBroken: the user is disabled.
        Forbidden: the actor may not change users.
    """
    db.require(db.actor_of(session), Action.UPDATE, "app_user")
    # locked: a link that somebody else makes now is there before ours, or after
    user = db.get(session, User, user_id, with_for_update=True)
    if not user.active:
        raise RuleBroken(_("{name} is disabled.").format(name=user.name))
    session.execute(delete(Invitation).where(col(Invitation.user_id) == user_id))
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            token_hash=sessions.digest(token),
            user_id=user_id,
            created_at=at,
            expires_at=at + (AGAIN if user.password_hash else FIRST),
        )
    )
    session.flush()
    return token


def invited(token: str, *, at: datetime | None = None) -> User | None:
    """Whom the link of `token` is for; None if it does not work (any more)."""
    with db.reading(SYSTEM) as session:
        return _invited(session, token, at or utcnow())


def accept(
    token: str, password: str, visit: Visit, *, at: datetime | None = None
) -> tuple[Actor, str]:
    """Set the password by the link of `token`; return who that is, signed in.

    All other sessions end and API tokens are revoked.

    Raises:
        NotFound: the link does not work (any more).
        Invalid: the password is easy to guess.
    """
    at = at or utcnow()
    if (user := invited(token, at=at)) is None:
        raise NotFound(Invitation, "")
    passwords.check(password, email=user.email, name=user.name)
    made = passwords.hashed(password)
    note = _("Set a password by a link from {address}").format(
        address=visit.address or "?"
    )
    actor = sessions.actor(user)
    with db.transaction(actor, reason=Reason.SIGN_IN, note=note, at=at) as session:
        if (user := _invited(session, token, at, lock=True)) is None:
            raise NotFound(Invitation, "")
        user.password_hash = made
        sessions.shut_out(session, user.id, at=at)
        user.language = user.language or visit.language
        return sessions.actor(user), sessions.begin(session, user, visit, at=at)


def _invited(
    session: Session, token: str, at: datetime, *, lock: bool = False
) -> User | None:
    statement = (
        select(User)
        .join(Invitation, col(Invitation.user_id) == col(User.id))
        .where(
            Invitation.token_hash == sessions.digest(token),
            col(Invitation.expires_at) > at,
            col(User.active).is_(True),
        )
    )
    return session.exec(statement.with_for_update() if lock else statement).first()
