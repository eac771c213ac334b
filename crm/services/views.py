"""Saved views of lists, and scenarios: private, of the team, of all."""

from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import _
from crm.models import Role, SavedView, Sharing
from crm.models.values import check_plain
from crm.services import records
from crm.services.customers import live_segments
from crm.services.fields import entity_of

SCENARIO = "what_if"  # not a list: assumptions under a name, each with its range
ASSUMPTIONS = 20
KEYS = frozenset({"search", "rule", "sort", "columns"})


def save(
    session: Session,
    entity: str,
    name: str,
    content: dict[str, Any],
    *,
    sharing: Sharing = Sharing.PRIVATE,
) -> SavedView:
    """Keep a way of looking at a list; the same name of the same owner is replaced.

    Raises:
        Invalid: no name, no team to share with, or something in it that is no part
            of a view.
    """
    actor = db.actor_of(session)
    missing = _("A view needs a name.")
    name = records.text(name, longest=80, missing=missing, field="name")
    if sharing is Sharing.TEAM and actor.team_id is None:
        raise Invalid(_("You are on no team to share with."), field="sharing")
    _check(entity, content)
    statement = select(SavedView).where(
        col(SavedView.entity) == entity,
        col(SavedView.name) == name,
        col(SavedView.owner_id) == actor.user_id,
    )
    view = session.scalars(statement).first() or SavedView(
        entity=entity, name=name, owner_id=actor.user_id
    )
    view.content, view.sharing, view.team_id = content, sharing, actor.team_id
    session.add(view)
    session.flush()
    return view


def listed(session: Session, entity: str) -> list[SavedView]:
    """The views of a list that the actor may use, by name.

    Those that filter by a field hidden from the actor are left out: what they find
    would not be what their name says.
    """
    actor = db.actor_of(session)
    statement = (
        select(SavedView)
        .where(col(SavedView.entity) == entity)
        .order_by(col(SavedView.name), col(SavedView.id))
        .limit(200)
    )
    return [
        view
        for view in session.scalars(statement)
        if live_segments.is_told(actor, entity, view.content.get("rule"))
    ]


def remove(session: Session, view_id: int) -> None:
    """Delete a view.

    Raises:
        NotFound: it does not exist.
        Forbidden: it is somebody else's, and the actor is no administrator.
    """
    view, actor = db.get(session, SavedView, view_id), db.actor_of(session)
    if view.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden(_("Only its owner can delete a view."))
    session.delete(view)
    session.flush()


def _check(entity: str, content: dict[str, Any]) -> None:
    try:
        check_plain(content)
    except ValueError as error:
        raise Invalid(_("This view cannot be read.")) from error
    if entity == SCENARIO:
        fits = len(content) <= ASSUMPTIONS and all(map(_is_range, content.values()))
    else:
        fits = bool(entity_of(entity)) and not set(content) - KEYS
    if not fits:
        raise Invalid(_("This view cannot be read."))


def _is_range(value: Any) -> bool:
    """Two numbers, as a scenario has them for each assumption."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(one) in (int, float) and isfinite(one) for one in value)
    )
