"""Writing where fields are hidden: what nobody has read is neither lost nor set.

A row that was read through a mask (`crm.db.masks`) holds nothing in its hidden fields.
While it is written it holds what the database has, so that keys follow from the true
values and the change log tells the truth to those who may read it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from crm.db.hidden_columns import INSTEAD, PARTLY, POINTS, REQUIRED
from crm.db.masks import CUSTOM, bare, columns_of
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Actor, ContactPoint, CustomValue, Record

COPIED = frozenset({"invoice.recipient"})  # made of what must be read in full


def listen(session: Session) -> None:
    """Cover rows again once they are written, or the writing has failed."""

    @event.listens_for(session, "after_flush_postexec")
    def written(session: Session, _context: Any) -> None:
        cover(session)

    @event.listens_for(session, "after_soft_rollback")
    def failed(session: Session, _transaction: Any) -> None:
        cover(session)


def uncover(session: Session, rows: Iterable[Record]) -> None:
    """Make `rows` hold what the database has, but for what the actor has set.

    Raises:
        Forbidden: the actor has set a field that is hidden.
    """
    actor: Actor = session.info["actor"]
    columns = columns_of(actor.hidden)
    for row in rows:
        _refuse_values(actor, row)
        if unseen := columns.get(str(row.__tablename__)):
            _refuse_fields(actor, row, unseen)
            if inspect(row).persistent:
                _uncovered(session).append((row, unseen))
                set_by_actor = _pending(actor, row, unseen)
                _set(row, _truth(session, row, unseen))
                for name, value in set_by_actor.items():
                    setattr(row, name, value)


def cover(session: Session) -> None:
    """Let the rows that were uncovered hold again what the actor may read."""
    while rows := _uncovered(session):
        row, unseen = rows.pop()
        held = unseen & inspect(row).dict.keys()  # what has expired is read anew
        _set(row, {name: _instead(row, name) for name in held})


def _uncovered(session: Session) -> list[tuple[Record, set[str]]]:
    found: list[tuple[Record, set[str]]] = session.info.setdefault("uncovered", [])
    return found


def _refuse_fields(actor: Actor, row: Record, unseen: set[str]) -> None:
    table = str(row.__tablename__)
    for name in sorted(unseen):
        is_field = f"{table}.{name}" in actor.hidden | COPIED
        if is_field and _has_set(row, name):
            words = _("“{field}” is hidden from you, and cannot be set.")
            raise Forbidden(words.format(field=_called(row, name)))


def _called(row: Record, name: str) -> str:
    """What the column is called on the screen, as the register of fields says."""
    column = inspect(type(row)).local_table.c[name]
    return _(column.info.get("label", name))


def _has_set(row: Record, name: str) -> bool:
    """Whether there is a value that was not there when the row was read."""
    history = inspect(row).attrs[name].history
    return any(value is not None for value in history.added or ())


def _refuse_values(actor: Actor, row: Record) -> None:
    """Values that are rows: of a custom field, a further e-mail or phone."""
    is_hidden = (
        isinstance(row, CustomValue) and f"{CUSTOM}{row.field_id}" in actor.hidden
    ) or (
        isinstance(row, ContactPoint)
        and f"{row.entity}.{row.kind}" in POINTS & actor.hidden
    )
    if is_hidden:
        raise Forbidden(_("This field is hidden from you, and cannot be set."))


def _pending(actor: Actor, row: Record, unseen: set[str]) -> dict[str, Any]:
    """What is new in columns that follow from a field only now and then: the text of
    a note, where that of a mail is hidden. Nothing in a hidden field is not sent.
    """
    state, table = inspect(row), str(row.__tablename__)
    return {
        name: getattr(row, name)
        for name in unseen
        if not actor.hides(table, name) and state.attrs[name].history.has_changes()
    }


def _truth(session: Session, row: Record, names: set[str]) -> dict[str, Any]:
    table = bare(inspect(type(row)).local_table)
    columns = [table.c[name] for name in sorted(names)]
    found = select(*columns).where(table.c.id == row.id)
    stored = session.connection().execute(found).mappings().first()
    return dict(stored or {})


def _instead(row: Record, name: str) -> Any:
    value, place = getattr(row, name), f"{row.__tablename__}.{name}"
    if name == "search_key":
        return value.partition("\n")[0] + "\n" if value else value
    if place in PARTLY:
        other, word = PARTLY[place]
        return None if inspect(row).dict.get(other) == word else value
    return INSTEAD if place in REQUIRED else None


def _set(row: Record, values: dict[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(row, name, value)
