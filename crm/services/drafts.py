"""Drafts: what a user has typed and not yet saved, one per form."""

from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm import db
from crm.models import Draft, utcnow


def save(session: Session, form: str, content: dict[str, Any]) -> None:
    """Keep what stands in `form` (plain data), in place of what was kept before."""
    if (user_id := db.actor_of(session).user_id) is None:
        return
    row = {"user_id": user_id, "form": form, "content": content, "at": utcnow()}
    table = Draft.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    db.upsert(session.connection(), table, [row], ["user_id", "form"])


def load(session: Session, form: str) -> dict[str, Any] | None:
    """What the actor has typed into `form`; None when nothing is kept."""
    statement = select(col(Draft.content)).where(
        col(Draft.user_id) == db.actor_of(session).user_id, col(Draft.form) == form
    )
    return session.scalar(statement)


def drop(session: Session, form: str) -> None:
    """Forget what was typed into `form`."""
    session.execute(
        delete(Draft).where(
            col(Draft.user_id) == db.actor_of(session).user_id,
            col(Draft.form) == form,
        )
    )
