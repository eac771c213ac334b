"""What records are called, whatever kind they are of."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import Action, Binned, Record

_NAMED_BY = {
    "sales_order": "number",
    "quote": "number",
    "subscription": "number",
    "invoice": "number",
    "activity": "subject",
    "ticket": "subject",
    "outgoing_mail": "subject",
    "custom_field": "label",
    "contact_point": "content",
    "hidden_field": "field",
    "import_run": "file_name",
    "analysis": "title",
}
_NO_RECORDS = {"audit": N_("Audit")}


def table_of(entity: str) -> type[Record]:
    """The records whose table is called `entity`.

    Raises:
        Invalid: there is no such kind of record.
    """
    if (table := _tables().get(entity)) is None:
        raise Invalid(_("There is no list of “{name}”.").format(name=entity))
    return table


def kind_of(entity: str) -> str:
    """What records of `entity` are called, or what there is a right to without any."""
    if (table := _tables().get(entity)) is None:
        return _(_NO_RECORDS.get(entity, entity))
    return _(getattr(table, "__label__", entity))


def binned_table_of(entity: str) -> type[Binned]:
    """The same for records that go to the recycle bin before they go for good."""
    table = table_of(entity)
    if not issubclass(table, Binned):
        raise Invalid(_("There is no recycle bin for this."))
    return table


def name_of(row: Any) -> str:
    """What `row` is called; its number where it has no name."""
    name = getattr(row, _NAMED_BY.get(str(row.__tablename__), "name"), None)
    return str(name) if name else f"#{row.id}"


def called(row: Any) -> str:
    """The same with the kind of record in front: “Customer Acme”."""
    kind = _(getattr(row, "__label__", type(row).__name__))
    return _("{kind} {name}").format(kind=kind, name=name_of(row))


def names(session: Session, entity: str, ids: Iterable[int]) -> dict[int, str]:
    """Names by id, of what is in the actor's reach, the recycle bin included."""
    wanted, table = sorted(set(ids)), table_of(entity)
    if not wanted or not db.actor_of(session).may(Action.READ, entity):
        return {}
    found = select(table).where(db.ids_in(col(table.id), wanted))
    rows = session.scalars(found, execution_options=db.everything)
    return {row.id: name_of(row) for row in rows}


def is_there(session: Session, entity: str, record_id: int) -> bool:
    """Whether the row exists at all: out of reach or in the recycle bin, too."""
    table = inspect(table_of(entity)).local_table
    found = select(table.c.id).where(table.c.id == record_id)
    return session.connection().scalar(found) is not None


@cache
def _tables() -> dict[str, type[Record]]:
    return {str(table.__tablename__): table for table in _below(Record)}


def _below(kind: type[Record]) -> Iterator[type[Record]]:
    for table in kind.__subclasses__():
        if hasattr(table, "__table__"):
            yield table
        yield from _below(table)
