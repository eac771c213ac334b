"""What a user keeps at hand: starred records, and those looked at lately."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm import db
from crm.models import Favourite, utcnow

STAR, RECENT = "star", "recent"
KEPT = 20


def star(session: Session, entity: str, record_id: int) -> None:
    """Keep a record at hand."""
    _put(session, entity, record_id, STAR, utcnow())


def unstar(session: Session, entity: str, record_id: int) -> None:
    """Keep it at hand no longer."""
    session.execute(
        delete(Favourite).where(
            col(Favourite.user_id) == db.actor_of(session).user_id,
            col(Favourite.entity) == entity,
            col(Favourite.record_id) == record_id,
            col(Favourite.kind) == STAR,
        )
    )


def is_starred(session: Session, entity: str, record_id: int) -> bool:
    """Whether the actor keeps it at hand."""
    return (entity, record_id) in _listed(session, STAR, 500)


def starred(session: Session) -> list[tuple[str, int]]:
    """Kind and id of the records kept at hand, latest first."""
    return _listed(session, STAR, 100)


def seen(
    session: Session, entity: str, record_id: int, *, at: datetime | None = None
) -> None:
    """Note that the actor looked at a record; the last 20 are kept."""
    _put(session, entity, record_id, RECENT, at or utcnow())
    mine = (
        select(col(Favourite.id))
        .where(
            col(Favourite.user_id) == db.actor_of(session).user_id,
            col(Favourite.kind) == RECENT,
        )
        .order_by(col(Favourite.at).desc(), col(Favourite.id).desc())
    )
    if old := list(session.scalars(mine))[KEPT:]:
        session.execute(delete(Favourite).where(col(Favourite.id).in_(old)))


def recent(session: Session) -> list[tuple[str, int]]:
    """Kind and id of the records looked at lately, latest first."""
    return _listed(session, RECENT, KEPT)


def _put(
    session: Session, entity: str, record_id: int, kind: str, at: datetime
) -> None:
    if (user_id := db.actor_of(session).user_id) is None:
        return
    row = {
        "user_id": user_id,
        "entity": entity,
        "record_id": record_id,
        "kind": kind,
        "at": at,
    }
    keys = ["user_id", "entity", "record_id", "kind"]
    table = Favourite.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    db.upsert(session.connection(), table, [row], keys)


def _listed(session: Session, kind: str, limit: int) -> list[tuple[str, int]]:
    statement = (
        select(col(Favourite.entity), col(Favourite.record_id))
        .where(
            col(Favourite.user_id) == db.actor_of(session).user_id,
            col(Favourite.kind) == kind,
        )
        .order_by(col(Favourite.at).desc(), col(Favourite.id).desc())
        .limit(limit)
    )
    return [(str(row[0]), int(row[1])) for row in session.execute(statement)]
