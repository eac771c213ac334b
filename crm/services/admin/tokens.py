"""API tokens: made by a user, shown once, kept as a hash, narrowed by scopes."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, NotSignedIn
from crm.i18n import _
from crm.models import (
    SYSTEM,
    Action,
    Actor,
    ApiToken,
    User,
    UserSession,
    utcnow,
)
from crm.services import records
from crm.services.admin import sessions
from crm.services.admin.hidden_from import of_role

PREFIX = "crm_"
ENTITIES = (
    "customer", "contact", "product", "sales_order", "subscription", "activity",
    "lead", "opportunity", "quote", "invoice", "payment", "ticket", "campaign",
)  # fmt: skip
ACTIONS = (Action.READ, Action.CREATE, Action.UPDATE, Action.DELETE)
SCOPES = (
    *(f"{entity}:{action.value}" for entity in ENTITIES for action in ACTIONS),
    *(  # everyone reads them
        f"{entity}:{action.value}"
        for entity in ("price_list", "exchange_rate", "target")
        for action in ACTIONS
        if action is not Action.READ
    ),
    "analysis:read",
    "analysis:create",
    "suggestion:read",
    "suggestion:update",
)


def create(
    session: Session,
    name: str,
    scopes: list[str],
    *,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for the actor; the text of it is not kept anywhere.

    Raises:
        Invalid: no name, no scope, or a scope that there is not.
        NotSignedIn: the actor's session has just ended.
    """
    missing = _("A token needs a name.")
    name = records.text(name, longest=80, missing=missing, field="name")
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid(_("Choose what the token may do."), field="scopes")
    _stay_signed_in(session)
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=db.actor_of(session).user_id or 0,
        name=name,
        hint=plain[:10],
        token_hash=sessions.digest(plain),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return token, plain


def _stay_signed_in(session: Session) -> None:
    """Let nobody shut the actor out before the token is there to be revoked."""
    actor = db.actor_of(session)
    user = db.get(session, User, actor.user_id or 0, with_for_update=True)
    ended = False
    if actor.session_id is not None:
        row = session.get(UserSession, actor.session_id)
        ended = row is None or row.ended_at is not None
    if ended or not user.active:
        raise NotSignedIn(_("Your session has ended"))


def listed(session: Session) -> list[ApiToken]:
    """The tokens in reach that still work, newest first."""
    statement = (
        select(ApiToken)
        .where(col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.id).desc())
        .limit(200)
    )
    return list(session.scalars(statement))


def revoke(session: Session, token_id: int, *, at: datetime) -> None:
    """Let a token work no longer.

    Raises:
        NotFound: it does not exist, or is somebody else's.
    """
    db.get(session, ApiToken, token_id).revoked_at = at
    session.flush()


def who(bearer: str, *, at: datetime | None = None) -> Actor | None:
    """Whom a token stands for, with its scopes; None if it does not work."""
    moment = at or utcnow()
    if not bearer.startswith(PREFIX) or len(bearer) > 100:
        return None
    with db.reading(SYSTEM) as session:
        token = session.scalars(
            select(ApiToken).where(
                col(ApiToken.token_hash) == sessions.digest(bearer),
                col(ApiToken.revoked_at).is_(None),
            )
        ).first()
        if token is None or (token.expires_at and token.expires_at <= moment):
            return None
        user = session.get(User, token.user_id)
        hidden = of_role(session, user.role) if user else frozenset()
    if user is None or not user.active:
        return None
    scopes = frozenset(token.scopes)
    return replace(sessions.actor(user, hidden=hidden), kind="token", scopes=scopes)
