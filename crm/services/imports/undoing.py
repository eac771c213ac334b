"""Take an import back: what it changed is set back, what it made goes to the bin.

The recycle bin, not deletion for good: an undo may be a mistake too, and what somebody
has added to a record since comes back with it. What others build on stays.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import exists, inspect, select
from sqlmodel import Session, col

from crm import db
from crm.i18n import _
from crm.models import (
    Activity,
    Change,
    Contact,
    Customer,
    Deed,
    ImportRun,
    ImportState,
    Invoice,
    Lead,
    Operation,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    Product,
    Quote,
    QuoteLine,
    Reason,
    Subscription,
    Ticket,
)
from crm.models.base import Binned
from crm.services import naming
from crm.services.imports import stored, tallies
from crm.services.reversal import reverse

AT_ONCE = 500  # rows in one transaction
RECORDS = ("customer", "contact", "product", "sales_order", "lead", "opportunity")
ATTACHED = ("custom_value", "tagging", "stage_change", "estimate")
LIVING: dict[Any, tuple[tuple[Any, str], ...]] = {
    Customer: tuple(
        (one, "customer_id")
        for one in (Order, Activity, Ticket, Opportunity, Quote, Subscription)
    ),
    Contact: tuple((one, "contact_id") for one in (Activity, Ticket, Quote)),
    Product: ((Subscription, "product_id"),),
    Opportunity: tuple((one, "opportunity_id") for one in (Activity, Quote, Order)),
}
"""What keeps records, by their kind: others outside of the bin, by the column."""
LINES: tuple[tuple[Any, str, Any], ...] = (
    (OrderLine, "order_id", Order),
    (OpportunityLine, "opportunity_id", Opportunity),
    (QuoteLine, "quote_id", Quote),
)
"""What keeps products: lines of records outside of the bin."""

Step = Callable[[Session, int, int], int | None]


def note_of(row: ImportRun) -> str:
    """What the operations of an import say in the change log; it finds them again."""
    return f"#{row.id} {row.file_name}"


def set_back(session: Session, import_id: int, at: int) -> int | None:
    """Take back some changes of rows that were there, newest first, from change `at`
    downwards (0: from the newest); where to go on, None at the end.
    """
    row = stored.run(session, import_id)
    changes = session.connection().execute(_changes(row, at)).all()
    kept: list[str] = []
    done, held = 0, _loaded(session, changes)
    for change in changes:
        table = naming.table_of(change.entity)
        record = session.get(table, change.record_id, execution_options=db.everything)
        stays = reverse(session, change, record, at=db.pending_of(session).at)
        kept += stays
        done += not stays
    del held
    tallies.add_to_undo(session, row, set_back=done, stays=kept)
    return changes[-1].id if changes else None


def removals() -> list[tuple[str, Step]]:
    """A step for each kind of record, those first that others are part of."""
    return [
        (str(table.__tablename__), _removing(table))
        for table in (Order, Lead, Opportunity, Contact, Customer, Product)
    ]


def finish(session: Session, import_id: int) -> None:
    """Mark the import as undone."""
    row = stored.run(session, import_id)
    tallies.add_to_undo(session, row, stays=[])
    row.state = ImportState.UNDONE
    session.flush()


def _loaded(session: Session, changes: Sequence[Any]) -> list[Any]:
    """The rows that were changed: the session finds them while somebody holds them."""
    ids: dict[str, set[int]] = {}
    for change in changes:
        ids.setdefault(change.entity, set()).add(change.record_id)
    held: list[Any] = []
    for entity, wanted in ids.items():
        table = naming.table_of(entity)
        found = select(table).where(db.ids_in(col(table.id), sorted(wanted)))
        held += session.scalars(found, execution_options=db.everything)
    return held


def _changes(row: ImportRun, at: int) -> Any:
    """Changes of what was there, of attached things too; creations are found by the
    number of the import.
    """
    change, operation = (inspect(t).local_table for t in (Change, Operation))
    changed = (change.c.entity.in_(RECORDS)) & (change.c.deed == Deed.UPDATE)
    attached = (change.c.entity.in_(ATTACHED)) & (change.c.deed != Deed.BATCH)
    statement = (
        select(change)
        .join(operation, operation.c.id == change.c.operation_id)
        .where(operation.c.at >= row.created_at)
        .where(operation.c.reason == Reason.IMPORT, operation.c.note == note_of(row))
        .where(changed | attached)
        .order_by(change.c.id.desc())
        .limit(AT_ONCE)
    )
    return statement.where(change.c.id < at) if at else statement


def _removing(table: type[Binned]) -> Step:
    def remove(session: Session, import_id: int, at: int) -> int | None:
        """Put some of the records into the recycle bin, from id `at` upwards."""
        row, found = (
            stored.run(session, import_id),
            _made(session, table, import_id, at),
        )
        used = _used(session, table, import_id, [one.id for one in found])
        words = _("{record} stays: it is in use by now.")
        kept = [words.format(record=naming.called(o)) for o in found if o.id in used]
        for one in found:
            if one.id not in used:
                one.deleted_at = db.pending_of(session).at
        session.flush()
        removed = {str(table.__tablename__): len(found) - len(kept)}
        tallies.add_to_undo(session, row, removed=removed, stays=kept)
        return found[-1].id if found else None

    return remove


def _made(session: Session, table: Any, import_id: int, at: int) -> list[Any]:
    statement = (
        select(table)
        .where(col(table.import_id) == import_id, col(table.id) > at)
        .order_by(col(table.id))
        .limit(AT_ONCE)
    )
    return list(session.scalars(statement))


def _used(session: Session, table: Any, import_id: int, ids: list[int]) -> set[int]:
    """Those of `ids` that something outside of the import hangs on, whoever's it is.

    They stay locked: nothing comes to hang on the others.
    """
    clauses = list(_uses(table, import_id))
    if not clauses or not ids:
        return set()
    db.lock(session, table, ids)
    own = inspect(table).local_table.c.id
    found: set[int] = set()
    for clause in clauses:
        statement = select(own).where(db.ids_in(own, ids), clause)
        found |= set(session.connection().scalars(statement))
    return found


def _uses(table: Any, import_id: int) -> Iterator[Any]:
    """What keeps a record of `table`, as conditions: all that is not of the import."""
    own = _columns(table)
    for kind, name in LIVING.get(table, ()):
        other = _columns(kind)
        yield exists().where(other[name] == own.id, other.deleted_at.is_(None))
    if table is Customer:
        contact = _columns(Contact)
        others = contact.import_id.is_(None) | (contact.import_id != import_id)
        there = contact.deleted_at.is_(None)
        yield exists().where(contact.customer_id == own.id, there, others)
    elif table is Product:
        for kind, name, whole in LINES:
            line, head = _columns(kind), _columns(whole)
            there = (line[name] == head.id) & head.deleted_at.is_(None)
            yield exists().where(line.product_id == own.id, there)
    elif table is Order:
        yield exists().where(_columns(Invoice).order_id == own.id)


def _columns(table: Any) -> Any:
    return inspect(table).local_table.c
