"""Tags: coloured words on customers and contacts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import _
from crm.models import Tag, Tagging
from crm.services import records
from crm.services.fields import ENTITIES, entity_of

LONGEST = 60
COLORS = ("gray", "blue", "green", "orange", "red", "violet", "yellow")


def listed(session: Session) -> list[Tag]:
    """All tags, by name."""
    return list(session.scalars(select(Tag).order_by(col(Tag.name)).limit(1000)))


def counts(session: Session) -> dict[int, int]:
    """On how many records in reach each tag is, by its id."""
    found: Counter[int] = Counter()
    for entity in ENTITIES.values():
        table: Any = entity.table
        statement = (
            select(col(Tagging.tag_id), func.count())
            .join(table, table.id == col(Tagging.record_id))
            .where(col(Tagging.entity) == entity.name)
            .group_by(col(Tagging.tag_id))
        )
        found.update({int(row[0]): int(row[1]) for row in session.execute(statement)})
    return dict(found)


def tag(session: Session, name: str, *, color: str | None = None) -> Tag:
    """The tag called `name`, made if there is none.

    Raises:
        Invalid: no name, or a colour that there is not.
    """
    missing = _("A tag needs a name.")
    short = records.text(name, longest=LONGEST, missing=missing, field="name")
    if color is not None and color not in COLORS:
        raise Invalid(_("There is no such colour."), field="color")
    found = session.scalars(select(Tag).where(col(Tag.name) == short)).first()
    if found is None:
        number = session.scalar(select(func.count()).select_from(Tag)) or 0
        found = Tag(name=short, color=color or COLORS[number % len(COLORS)])
        session.add(found)
        session.flush()
    return found


def change(session: Session, tag_id: int, *, name: str, color: str) -> Tag:
    """Rename or recolour a tag.

    Raises:
        NotFound: it does not exist.
        Invalid: no name, or a colour that there is not.
        Duplicate: another tag has that name.
    """
    found = db.get(session, Tag, tag_id)
    missing = _("A tag needs a name and a colour.")
    short = records.text(name, longest=LONGEST, missing=missing, field="name")
    if color not in COLORS:
        raise Invalid(missing, field="color")
    found.name, found.color = short, color
    session.flush()
    return found


def remove(session: Session, tag_id: int) -> None:
    """Delete a tag, and take it off every record."""
    found = db.get(session, Tag, tag_id)
    for piece in session.scalars(select(Tagging).where(col(Tagging.tag_id) == tag_id)):
        session.delete(piece)
    session.flush()
    session.delete(found)
    session.flush()


def put(session: Session, entity: str, ids: Sequence[int], names: Sequence[str]) -> int:
    """Put tags on many records; how many taggings are new.

    Raises:
        RuleBroken: none of the records is in reach.
    """
    reached = _reached(session, entity, ids)
    wanted = [tag(session, name) for name in dict.fromkeys(names)]
    there = {(t.tag_id, t.record_id) for t in _held(session, entity, reached)}
    new = [
        Tagging(tag_id=one.id, entity=entity, record_id=record_id)
        for one in wanted
        for record_id in reached
        if (one.id, record_id) not in there
    ]
    session.add_all(new)
    session.flush()
    return len(new)


def take(
    session: Session, entity: str, ids: Sequence[int], names: Sequence[str]
) -> int:
    """Take tags off many records; how many taggings are gone.

    Raises:
        RuleBroken: none of the records is in reach.
    """
    reached = _reached(session, entity, ids)
    found = select(col(Tag.id)).where(col(Tag.name).in_(list(names)))
    wanted = set(session.scalars(found))
    gone = [t for t in _held(session, entity, reached) if t.tag_id in wanted]
    for one in gone:
        session.delete(one)
    session.flush()
    return len(gone)


def tags_of(session: Session, entity: str, ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each record, by its id; records without any are left out."""
    statement = (
        select(col(Tagging.record_id), Tag)
        .join(Tag, col(Tag.id) == col(Tagging.tag_id))
        .where(col(Tagging.entity) == entity)
        .where(db.ids_in(col(Tagging.record_id), ids))
        .order_by(col(Tag.name))
    )
    found: dict[int, list[Tag]] = {}
    for record_id, one in session.execute(statement):
        found.setdefault(int(record_id), []).append(one)
    return found


def _reached(session: Session, entity: str, ids: Sequence[int]) -> list[int]:
    """The records among `ids` that are in the actor's reach."""
    table = entity_of(entity).table
    key = col(table.id)  # type: ignore[attr-defined]  # every listed table has an id
    reached: list[int] = []
    for piece in db.chunked(sorted(set(ids))):
        reached.extend(session.scalars(select(key).where(key.in_(piece))))
    if not reached:
        raise RuleBroken(_("None of these records is there any more."))
    return reached


def _held(session: Session, entity: str, ids: Sequence[int]) -> list[Tagging]:
    statement = (
        select(Tagging)
        .where(col(Tagging.entity) == entity)
        .where(db.ids_in(col(Tagging.record_id), ids))
    )
    return list(session.scalars(statement))
