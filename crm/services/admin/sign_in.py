"""Signing in and out, and changing one's password.

These open their own transactions, unlike other services: hashing a password takes
too long to keep the database waiting, and a failed attempt has to be remembered
although it raises.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from crm import db
from crm.db.log import pending_of
from crm.errors import Forbidden, NotSignedIn
from crm.i18n import LANGUAGES, N_, _
from crm.models import SYSTEM, Actor, Reason, User, UserSession, folded, utcnow
from crm.models.values import clean
from crm.services.admin import passwords, sessions, throttle
from crm.services.admin.sessions import Visit, alive, who

__all__ = ["Visit", "alive", "change_password", "enter", "leave", "who"]

SIGNED_IN = N_("Signed in from {address}")
FAILED = N_("Failed sign-in of {user} from {address}")
PASSWORD_CHANGED = N_("Changed the password from {address}")


def enter(
    email: str, password: str, visit: Visit, *, at: datetime | None = None
) -> tuple[Actor, str]:
    """Sign in; return who that is, and the token for the browser.

    Raises:
        NotSignedIn: e-mail and password do not fit together.
        TooMany: there were too many failed attempts.
    """
    at = at or utcnow()
    user = _user_of(email)
    keys = _keys(email, user, visit, at)
    with db.transaction(SYSTEM) as session:
        throttle.count(session, *keys, at=at)
    stored = user.password_hash if user else None
    if not passwords.matches(stored, password) or user is None or stored is None:
        _note_failure(user.email if user else _("an unknown user"), visit, at)
        raise NotSignedIn(_("The e-mail address or the password is wrong."))
    better = passwords.hashed(password) if passwords.is_weak(stored) else None
    actor = sessions.actor(user)
    with db.transaction(
        actor, reason=Reason.SIGN_IN, note=_note(SIGNED_IN, visit), at=at
    ) as session:
        user = _unchanged(session, user.id, stored)
        throttle.forgive(session, *keys)
        user.password_hash = better or stored
        user.language = user.language or _spoken(visit)
        pending_of(session).always = True
        token = sessions.begin(session, user, visit, at=at)
        return sessions.actor(user), token


def leave(token: str, *, at: datetime | None = None) -> None:
    """Sign out the browser that holds `token`."""
    with db.transaction(SYSTEM) as session:
        sessions.end_by_token(session, token, at=at or utcnow())


def change_password(
    actor: Actor,
    current: str,
    new: str,
    visit: Visit,
    *,
    at: datetime | None = None,
) -> str:
    """Change the actor's own password; return the token of a new session.

    All other sessions end and API tokens are revoked.

    Raises:
        Forbidden: `current` is not the password.
        Invalid: `new` is easy to guess.
        TooMany: there were too many failed attempts.
    """
    at = at or utcnow()
    with db.reading(SYSTEM) as session:
        user = db.get(session, User, actor.user_id or 0)
    keys = _keys(user.email, user, visit, at)
    with db.transaction(SYSTEM) as session:
        throttle.count(session, *keys, at=at)
    stored = user.password_hash
    if stored is None or not passwords.matches(stored, current):
        _note_failure(user.email, visit, at)
        raise Forbidden(_("The current password is wrong."))
    with db.transaction(SYSTEM) as session:
        throttle.forgive(session, *keys)
    passwords.check(new, email=user.email, name=user.name)
    made = passwords.hashed(new)
    note = _note(PASSWORD_CHANGED, visit)
    with db.transaction(actor, reason=Reason.EDIT, note=note, at=at) as session:
        user = _unchanged(session, user.id, stored)
        user.password_hash = made
        sessions.shut_out(session, user.id, at=at)
        return sessions.begin(session, user, visit, at=at)


def _user_of(email: str) -> User | None:
    """The active user of an e-mail address."""
    try:
        known = clean(folded(email))[:254]
    except ValueError:
        return None
    with db.reading(SYSTEM) as session:
        named = select(User).where(User.email == known, col(User.active).is_(True))
        return session.exec(named).first()


def _keys(email: str, user: User | None, visit: Visit, at: datetime) -> tuple[str, str]:
    """What counts an attempt: the account (at home or from elsewhere), the address."""
    at_home = user and visit.address and _at_home(user.id, visit.address, at)
    return (
        throttle.account_key(email, visit.address if at_home else None),
        throttle.address_key(visit.address),
    )


def _at_home(user_id: int, address: str, at: datetime) -> bool:
    """Whether the user has signed in from there lately."""
    there = select(UserSession.id).where(
        UserSession.user_id == user_id,
        UserSession.address == address[:64],
        col(UserSession.created_at) > at - sessions.KEPT,
    )
    with db.reading(SYSTEM) as session:
        return session.exec(there).first() is not None


def _unchanged(session: Session, user_id: int, stored: str) -> User:
    """The user, locked, whose password was checked a moment ago."""
    user = db.get(session, User, user_id, with_for_update=True)
    if not user.active or user.password_hash != stored:
        raise NotSignedIn(_("The e-mail address or the password is wrong."))
    return user


def _note_failure(user: str, visit: Visit, at: datetime) -> None:
    note = _note(FAILED, visit, user=user)
    with db.transaction(SYSTEM, reason=Reason.SIGN_IN, note=note, at=at) as session:
        pending_of(session).always = True


def _note(text: str, visit: Visit, **details: str) -> str:
    return _(text).format(address=visit.address or "?", **details)


def _spoken(visit: Visit) -> str | None:
    return visit.language if visit.language in LANGUAGES else None
