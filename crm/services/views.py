"""Saved views of lists: private, of the team, of all."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import _
from crm.models import Role, SavedView, Sharing
from crm.models.types import check_plain
from crm.services import records
from crm.services.fields import entity_of

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
    entity_of(entity)
    actor = db.actor_of(session)
    missing = _("A view needs a name.")
    name = records.text(name, longest=80, missing=missing, field="name")
    if sharing is Sharing.TEAM and actor.team_id is None:
        raise Invalid(_("You are on no team to share with."), field="sharing")
    _check(content)
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
    """The views of a list that the actor may use, by name."""
    statement = (
        select(SavedView)
        .where(col(SavedView.entity) == entity)
        .order_by(col(SavedView.name), col(SavedView.id))
        .limit(200)
    )
    return list(session.scalars(statement))


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


def _check(content: dict[str, Any]) -> None:
    try:
        check_plain(content)
    except ValueError as error:
        raise Invalid(_("This view cannot be read.")) from error
    if set(content) - KEYS:
        raise Invalid(_("This view cannot be read."))
