"""Many recipients at once, past the session: logged as spans of ids, and taken back.

A span is one row of the change log for all that one operation did to recipients of one
campaign whose ids lie between `record_id` and `last_id`. What it put there (the moment
of the operation) tells its rows from others that lie between them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, inspect, or_, select, update
from sqlmodel import Session, col

from crm import db
from crm.i18n import ngettext
from crm.models import Action, Change, Deed, Operation, Recipient

PIECE = 10_000  # ids in one statement
MARKS = ("reached_at", "responded_at")

TABLE: Any = inspect(Recipient).local_table


def insert(
    session: Session, campaign_id: int, drawn: dict[int, bool]
) -> tuple[int, int]:
    """Make recipients of customers, each held out or not; how many were new, and how
    many of these are held out: somebody else may have added some meanwhile."""
    if not drawn:
        return 0, 0
    at, before = db.pending_of(session).at, _newest(session)
    same = {"campaign_id": campaign_id, "created_at": at, "updated_at": at}
    rows = [
        {**same, "version": 1, "customer_id": one, "held_out": held}
        for one, held in drawn.items()
    ]
    connection = session.connection()
    db.insert_new(connection, TABLE, rows, ["campaign_id", "customer_id"])
    mine = select(TABLE.c.id, TABLE.c.held_out).where(*_since(campaign_id, before, at))
    made = connection.execute(mine.order_by(TABLE.c.id)).all()
    if made:
        span = made[0].id, made[-1].id, len(made)
        db.record_batch(session, "recipient", *span, campaign_id=campaign_id)
    return len(made), sum(row.held_out for row in made)


def mark(
    session: Session, campaign_id: int, ids: Sequence[int], names: Sequence[str]
) -> int:
    """Set the moments `names` of recipients to that of the operation, where they have
    none yet; how many rows have changed.

    Raises:
        Forbidden: the actor may not change recipients.
    """
    db.require(db.actor_of(session), Action.UPDATE, "recipient")
    at = db.pending_of(session).at
    done = 0
    for piece in db.chunked(sorted(ids), PIECE):
        done += _mark(session, piece, names, at)
    if done:
        set_to: dict[str, str | None] = dict.fromkeys(names, at.isoformat())
        _log(session, Deed.UPDATE, campaign_id, (min(ids), max(ids), done), set_to)
    return done


def remove(session: Session, campaign_id: int, ids: Sequence[int]) -> int:
    """Delete recipients; how many.

    Raises:
        Forbidden: the actor may not delete recipients.
    """
    db.require(db.actor_of(session), Action.DELETE, "recipient")
    for piece in db.chunked(sorted(ids), PIECE):
        gone = delete(TABLE).where(db.ids_in(TABLE.c.id, piece))
        session.connection().execute(gone)
    if ids:
        _log(session, Deed.DELETE, campaign_id, (min(ids), max(ids), len(ids)), {})
    return len(ids)


def remove_all(session: Session, campaign_id: int) -> int:
    """Delete all the recipients of a campaign; how many."""
    found = select(TABLE.c.id).where(TABLE.c.campaign_id == campaign_id)
    return remove(session, campaign_id, list(session.connection().scalars(found)))


def take_back(session: Session, change: Any) -> list[str]:
    """Undo a span: whom it added goes, what it marked is unmarked; what stays."""
    campaign_id = int(change.after["campaign_id"])
    at = db.get(session, Operation, change.operation_id).at
    within = (
        col(Recipient.campaign_id) == campaign_id,
        col(Recipient.id).between(change.record_id, change.last_id),
    )
    if change.deed is Deed.BATCH:
        return _take_out(session, campaign_id, within, at)
    return _unmark(session, change, within, at)


def _take_out(
    session: Session, campaign_id: int, within: Any, at: datetime
) -> list[str]:
    key, *marks = (col(getattr(Recipient, name)) for name in ("id", *MARKS))
    added = select(key, *marks).where(*within, col(Recipient.created_at) == at)
    # locked: nobody is marked before those without a mark are gone
    found = session.execute(added.with_for_update()).all()
    free = [row[0] for row in found if row[1] is None and row[2] is None]
    unseen = _unseen(session, added, len(found))
    remove(session, campaign_id, free)
    return [*_staying(len(found) - len(free)), *unseen]


def _unseen(session: Session, ours: Any, seen: int) -> list[str]:
    """What is said of the rows of `ours` that have gone out of the actor's reach;
    `seen` of them have not. Past the session, which knows none of these."""
    every = select(func.count()).select_from(ours.subquery())
    count = (session.connection().scalar(every) or 0) - seen
    words = ngettext(
        "{n} recipient is not in your reach any more, and stays.",
        "{n} recipients are not in your reach any more, and stay.",
        count,
    )
    return [words.format(n=count)] if count else []


def _staying(count: int) -> list[str]:
    words = ngettext(
        "{n} recipient was reached or has responded since, and stays.",
        "{n} recipients were reached or have responded since, and stay.",
        count,
    )
    return [words.format(n=count)] if count else []


def _unmark(session: Session, change: Any, within: Any, at: datetime) -> list[str]:
    names = [name for name in reversed(MARKS) if name in change.after]
    ours = or_(*(col(getattr(Recipient, name)) == at for name in names))
    marked = select(col(Recipient.id)).where(*within, ours)
    ids = list(session.scalars(marked))
    unseen = _unseen(session, marked, len(ids))
    for piece in db.chunked(ids, PIECE):
        for name in names:
            _clear(session, piece, name, at)
    stay = set(session.scalars(marked))
    if done := sorted(set(ids) - stay):
        campaign_id = int(change.after["campaign_id"])
        what = (done[0], done[-1], len(done))
        _log(session, Deed.UPDATE, campaign_id, what, dict.fromkeys(names))
    return [*_staying(len(stay)), *unseen]


def _clear(session: Session, ids: Sequence[int], name: str, at: datetime) -> None:
    """Take a mark away; who has responded since stays reached."""
    mine = [db.ids_in(TABLE.c.id, ids), TABLE.c[name] == at]
    if name == "reached_at":
        mine.append(TABLE.c.responded_at.is_(None))
    cleared = update(TABLE).where(*mine).values({name: None} | _touched(session))
    session.connection().execute(cleared)


def _mark(
    session: Session, ids: Sequence[int], names: Sequence[str], at: datetime
) -> int:
    *others, last = names
    connection = session.connection()
    for name in others:
        missing = db.ids_in(TABLE.c.id, ids) & TABLE.c[name].is_(None)
        connection.execute(update(TABLE).where(missing).values({name: at}))
    missing = db.ids_in(TABLE.c.id, ids) & TABLE.c[last].is_(None)
    changed = update(TABLE).where(missing).values({last: at} | _touched(session))
    return int(connection.execute(changed).rowcount)


def _touched(session: Session) -> dict[str, Any]:
    at = db.pending_of(session).at
    return {"version": TABLE.c.version + 1, "updated_at": at}


def _since(campaign_id: int, before: int, at: datetime) -> tuple[Any, ...]:
    return (
        TABLE.c.id > before,
        TABLE.c.campaign_id == campaign_id,
        TABLE.c.created_at == at,
    )


def _newest(session: Session) -> int:
    newest = select(TABLE.c.id).order_by(TABLE.c.id.desc()).limit(1)
    return session.connection().scalar(newest) or 0


def _log(
    session: Session,
    deed: Deed,
    campaign_id: int,
    span: tuple[int, int, int],
    set_to: dict[str, str | None],
) -> None:
    """`span`: the first id, the last one, and how many there were."""
    first, last, count = span
    told = {"count": count, "campaign_id": campaign_id} | set_to
    gone = deed is Deed.DELETE
    db.record_change(
        session,
        {
            "entity": str(Recipient.__tablename__),
            "record_id": first,
            "last_id": last,
            "deed": deed,
            "before": told if gone else None,
            "after": None if gone else told,
        },
    )


def is_span(change: Change | Any) -> bool:
    """Whether a row of the change log stands for many recipients of one campaign."""
    told = change.after or change.before or {}
    is_many = change.entity == "recipient" and change.last_id is not None
    return is_many and "campaign_id" in told
