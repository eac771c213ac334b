"""Users and teams: who may come in, as what; nobody lifts their own rights."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from crm import db
from crm.errors import Duplicate, Invalid, RuleBroken
from crm.i18n import LANGUAGES, _, ngettext
from crm.models import Role, Team, User, UserFields, folded, storable
from crm.services import records
from crm.services.admin import sessions

EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)*")
GUARDED = ("role", "reach", "team_id")  # what decides about one's own rights


def listed(session: Session, *, text: str = "") -> list[User]:
    """All users whose name or e-mail address holds `text`, by name."""
    users = session.exec(select(User).order_by(col(User.name), col(User.id)))
    wanted = folded(text)
    return [user for user in users if wanted in folded(user.name, user.email)]


def create(session: Session, form: UserFields) -> User:
    """Add a user, who cannot sign in before setting a password by an invitation.

    Raises:
        Invalid: the e-mail address is none, or the language is not spoken here.
        NotFound: the team does not exist.
        Duplicate: there is a user of that e-mail address.
    """
    _check(session, form)
    user = User(**form.model_dump())
    _refuse_namesake(session, user)
    session.add(user)
    session.flush()
    return user


def update(
    session: Session,
    user_id: int,
    changes: dict[str, Any],
    *,
    at: datetime,
    version: int | None = None,
) -> User:
    """Change the fields in `changes` of a user; a new role ends the user's sessions.

    Raises:
        NotFound: the user, or the team, does not exist.
        Stale: the user is no longer at `version`.
        Invalid: a value does not fit.
        Duplicate: there is another user of that e-mail address.
        RuleBroken: these are the actor's own rights, or nobody would be left to
            administer.
    """
    user = db.get(session, User, user_id)
    records.expect(user, version)
    rights = {name: getattr(user, name) for name in GUARDED}
    changes = {"language": user.language or ""} | changes  # none before signing in
    _check(session, records.change(user, UserFields, changes))
    _refuse_namesake(session, user)
    if rights != {name: getattr(user, name) for name in GUARDED}:
        _refuse_oneself(session, user)
    if rights["role"] is not user.role:
        _keep_an_administrator(session, user, rights["role"])
        sessions.shut_out(session, user.id, at=at)
    session.flush()
    return user


def disable(session: Session, user_id: int, *, at: datetime) -> User:
    """Let a user in no longer: sessions end, API tokens are revoked.

    Raises:
        NotFound: the user does not exist.
        RuleBroken: it is the actor, or the last administrator.
    """
    user = db.get(session, User, user_id)
    _refuse_oneself(session, user)
    _keep_an_administrator(session, user, user.role)
    user.active = False
    sessions.shut_out(session, user.id, at=at)
    session.flush()
    return user


def enable(session: Session, user_id: int) -> User:
    """Let a disabled user sign in again, with the password of before.

    Raises:
        NotFound: the user does not exist.
    """
    user = db.get(session, User, user_id)
    user.active = True
    session.flush()
    return user


def speak(session: Session, language: str) -> User:
    """Set the actor's own language.

    Raises:
        Invalid: it is not spoken here.
    """
    _check_language(language)
    user = db.get(session, User, db.actor_of(session).user_id or 0)
    user.language = language
    session.flush()
    return user


def teams(session: Session) -> list[Team]:
    """All teams, by name."""
    return list(session.exec(select(Team).order_by(col(Team.name))))


def create_team(session: Session, name: str) -> Team:
    """Add a team.

    Raises:
        Invalid: the name is empty or too long.
        Duplicate: there is a team of that name.
    """
    team = Team(name=_team_name(session, name))
    session.add(team)
    session.flush()
    return team


def rename_team(session: Session, team_id: int, name: str) -> Team:
    """Give a team another name.

    Raises:
        NotFound: the team does not exist.
        Invalid: the name is empty or too long.
        Duplicate: there is another team of that name.
    """
    team = db.get(session, Team, team_id)
    team.name = _team_name(session, name, other_than=team_id)
    session.flush()
    return team


def delete_team(session: Session, team_id: int) -> None:
    """Remove a team that nobody is in.

    Raises:
        NotFound: the team does not exist.
        RuleBroken: there are users in it.
    """
    team = db.get(session, Team, team_id, with_for_update=True)  # nobody joins it
    members = select(func.count()).where(col(User.team_id) == team_id)
    if count := session.scalar(members):
        raise RuleBroken(
            ngettext(
                "{count} user is in team “{name}”; move them first.",
                "{count} users are in team “{name}”; move them first.",
                count,
            ).format(count=count, name=team.name)
        )
    session.delete(team)
    session.flush()


def _check(session: Session, form: UserFields | User) -> None:
    if not EMAIL.fullmatch(form.email):
        raise Invalid(
            _("“{email}” is not an e-mail address.").format(email=form.email),
            field="email",
        )
    _check_language(form.language or "en")
    if form.team_id is not None:
        db.get(session, Team, form.team_id)


def _check_language(code: str) -> None:
    if code not in LANGUAGES:
        raise Invalid(
            _("There is no language “{code}”.").format(code=code), field="language"
        )


def _refuse_namesake(session: Session, user: User) -> None:
    same = select(User.id).where(User.email == folded(user.email))
    with session.no_autoflush:
        if any(key != user.id for key in session.exec(same)):
            raise Duplicate(
                _("There is a user with the e-mail address {email} already.").format(
                    email=user.email
                )
            )


def _refuse_oneself(session: Session, user: User) -> None:
    if user.id == db.actor_of(session).user_id:
        raise RuleBroken(
            _("Another administrator has to change your own role, rows or access.")
        )


def _keep_an_administrator(session: Session, user: User, role: Role) -> None:
    """Make sure that somebody else can administer; the rows stay locked till the end,
    so that two administrators cannot put each other out at the same moment.
    """
    if role is not Role.ADMIN:
        return
    administrators = (
        select(User.id)
        .where(User.role == Role.ADMIN, col(User.active).is_(True))
        .order_by(col(User.id))
        .with_for_update()
    )
    with session.no_autoflush:
        if all(key == user.id for key in session.exec(administrators)):
            raise RuleBroken(_("This is the last administrator."))


def _team_name(session: Session, name: str, other_than: int | None = None) -> str:
    try:
        kept = storable(name)
    except ValueError:
        kept = None
    if not kept or len(kept) > 80:
        raise Invalid(_("A team needs a name of 1 to 80 characters."), field="name")
    for team in teams(session):
        if folded(team.name) == folded(kept) and team.id != other_than:
            raise Duplicate(
                _("There is a team “{name}” already.").format(name=team.name)
            )
    return str(kept)
