"""Every row that a session writes, seen: the right checked, the change noted."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import InstanceState
from sqlmodel import Session, SQLModel

from crm.db import guard
from crm.db.log import pending_of
from crm.db.plain import held
from crm.db.whose import customers_of
from crm.errors import Forbidden, RuleBroken
from crm.i18n import _
from crm.models import Action, Actor, Binned, Deed, Record, User, utcnow

SELF_SERVICE = frozenset({"language", "password_hash", "updated_at", "version"})
HIDDEN = "…"  # stands in the log for what must not be read there

Values = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What a flush is about to do to one row."""

    row: Record
    deed: Deed
    before: Values
    after: Values

    @property
    def order(self) -> int:
        """Parents are written before their children and deleted after them."""
        place = _places()[str(self.row.__tablename__)]
        return len(_places()) * 2 - place if self.deed is Deed.DELETE else place


def listen(session: Session) -> None:
    """Check and note every row that a flush of `session` writes."""
    if session.info["actor"].hidden:
        guard.listen(session)

    @event.listens_for(session, "before_flush")
    def check(session: Session, _context: Any, _instances: Any) -> None:
        touched = [*session.new, *session.dirty, *session.deleted]
        if session.info.get("read_only") and touched:
            raise RuleBroken(_("Nothing can be saved while reading."))
        rows = [row for row in touched if isinstance(row, Record)]
        if session.info["actor"].hidden:
            guard.uncover(session, rows)
        seen = [_seen(session, row) for row in rows]
        session.info["seen"] = sorted(filter(None, seen), key=lambda one: one.order)
        if not session.info["seen"]:  # nothing is written
            guard.cover(session)

    @event.listens_for(session, "after_flush")
    def note(session: Session, _context: Any) -> None:
        seen: list[Seen] = session.info.pop("seen", [])
        owners = customers_of(session, [one.row for one in seen])
        for one, customer_id in zip(seen, owners, strict=True):
            pending_of(session).changes.append(_entry(one, customer_id))


def require(actor: Actor, action: Action, entity: str) -> None:
    """Make sure that `actor` may do `action` to records of `entity`.

    Raises:
        Forbidden: no right.
    """
    if not actor.may(action, entity):
        raise Forbidden(_("You do not have the right to do this."))


def _seen(session: Session, row: Record) -> Seen | None:
    """What happens to `row`, or None; sets what follows from its fields."""
    actor: Actor = session.info["actor"]
    table = str(row.__tablename__)
    if row in session.deleted:
        require(actor, Action.DELETE, table)
        return Seen(row, Deed.DELETE, _snapshot(row), {})
    row.prepare()
    if row in session.new:
        require(actor, Action.CREATE, table)
        return Seen(row, Deed.CREATE, {}, _snapshot(row))
    before, after = _difference(session, row)
    if not after:
        return None
    if not _own_profile(actor, row, after):
        binned = isinstance(row, Binned) and "deleted_at" in after
        require(actor, Action.DELETE if binned else Action.UPDATE, table)
    row.updated_at = utcnow()
    return Seen(row, Deed.UPDATE, before, after)


def _own_profile(actor: Actor, row: Record, after: Values) -> bool:
    """Users may set their own language and password without a right over users."""
    own = isinstance(row, User) and row.id == actor.user_id
    return own and set(after) <= SELF_SERVICE


def _snapshot(row: Record) -> Values:
    columns = inspect(type(row)).local_table.c
    values = {
        column.key: held(column.type, getattr(row, column.key))
        for column in columns
        if column.key not in row.UNLOGGED
    }
    return {name: value for name, value in values.items() if value is not None}


def _difference(session: Session, row: Record) -> tuple[Values, Values]:
    """The logged fields of `row` that differ from what the database holds."""
    state: InstanceState[Any] = inspect(row)
    before: Values = {}
    after: Values = {}
    stored: Values | None = None
    for column in state.mapper.local_table.c:
        name = column.key
        history = state.attrs[name].history
        if not history.has_changes() or not _is_logged(row, name):
            continue
        if history.deleted:
            old = history.deleted[0]
        else:  # set without having been read
            stored = stored or _stored(session, row)
            old = stored[name]
        old, new = held(column.type, old), held(column.type, getattr(row, name))
        if old != new:
            hidden = name in row.UNLOGGED
            before[name], after[name] = (HIDDEN, HIDDEN) if hidden else (old, new)
    return before, after


def _is_logged(row: Record, name: str) -> bool:
    return name not in row.UNLOGGED or name == "password_hash"


def _stored(session: Session, row: Record) -> Values:
    table = inspect(type(row)).local_table
    found = select(table).where(table.c.id == row.id)
    return dict(session.connection().execute(found).mappings().one())


def _entry(seen: Seen, customer_id: int | None) -> Values:
    return {
        "entity": str(seen.row.__tablename__),
        "record_id": seen.row.id,
        "last_id": None,
        "customer_id": customer_id,
        "deed": seen.deed,
        "before": seen.before or None,
        "after": seen.after or None,
    }


@cache
def _places() -> dict[str, int]:
    """Tables by their place in the order in which rows are written."""
    tables = SQLModel.metadata.sorted_tables
    return {table.name: place for place, table in enumerate(tables)}
