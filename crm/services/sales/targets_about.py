"""Whom a target or a forecast is about: everyone, a team, or one user."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import _
from crm.models import Actor, Reach, Team, User
from crm.services.admin import users


@dataclass(frozen=True)
class About:
    """A user, a team, or everyone: neither of them."""

    owner_id: int | None = None
    team_id: int | None = None

    @property
    def key(self) -> str:
        """As an address has it: “”, “team 2”, “owner 5”."""
        if self.owner_id is not None:
            return f"owner {self.owner_id}"
        return "" if self.team_id is None else f"team {self.team_id}"

    @classmethod
    def of(cls, row: Any) -> "About":
        """What a target, an override or a form of one is about."""
        return cls(row.owner_id, row.team_id)


EVERYONE = About()


def choices(session: Session) -> dict[About, str]:
    """Those whose figures the actor sees in full, with their names.

    Whoever sees all customers: everyone, each team, each user. Others: their team, as
    far as they see it, and its members, or themselves.
    """
    actor = db.actor_of(session)
    people = [one for one in users.listed(session) if one.active]
    teams = users.teams(session)
    if not actor.sees_all:
        teams = [one for one in teams if _is_whole_team(actor, one.id)]
        members = {one.id for one in teams}
        people = [p for p in people if p.id == actor.user_id or p.team_id in members]
    found = {EVERYONE: _("Everyone")} if actor.sees_all else {}
    found |= {About(team_id=one.id): one.name for one in teams}
    return found | {About(owner_id=one.id): one.name for one in people}


def owner_ids(session: Session, about: About) -> list[int] | None:
    """The users whose opportunities count; None: all, also those of nobody."""
    if about.owner_id is not None:
        return [about.owner_id]
    if about.team_id is None:
        return None
    members = select(User.id).where(User.team_id == about.team_id)
    return sorted(session.exec(members))


def check(session: Session, about: About) -> None:
    """Make sure that the actor may set a target or a forecast for them.

    Raises:
        Invalid: for a user and a team at once.
        NotFound: the user or the team does not exist.
        Forbidden: the actor does not see all that is theirs.
    """
    if about.owner_id is not None:
        db.get(session, User, about.owner_id)
    if about.team_id is not None:
        db.get(session, Team, about.team_id)
    if about.owner_id is not None and about.team_id is not None:
        words = _("It is for a user, for a team, or for everyone: not for two of them.")
        raise Invalid(words, field="team_id")
    if not sees(session, about):
        raise Forbidden(_("You do not see all that they sell."))


def sees(session: Session, about: About) -> bool:
    """Whether the actor sees all that is theirs."""
    actor = db.actor_of(session)
    if actor.sees_all:
        return True
    if about.owner_id is None:
        return about.team_id is not None and _is_whole_team(actor, about.team_id)
    if about.owner_id == actor.user_id:
        return True
    team = select(User.team_id).where(col(User.id) == about.owner_id)
    return _is_whole_team(actor, session.exec(team).first())


def _is_whole_team(actor: Actor, team_id: int | None) -> bool:
    """Whether the actor sees what a team owns."""
    return actor.reach is Reach.TEAM and None is not team_id == actor.team_id
