"""Export: the filtered list as CSV or XLSX, safe to open in a spreadsheet."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Forbidden
from crm.i18n import _
from crm.models import Action, Reason
from crm.services import list_values, lists
from crm.services.fields import Field, Kind, fields_of

MAX_ROWS = 1_000_000  # what a spreadsheet holds


def table(
    session: Session, query: lists.Query, *, today: date
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of all that `query` finds, as people read them.

    Names stand for users, customers and products, “;” separates tags. The first
    column is the id, so that the file can be imported again.

    Raises:
        Forbidden: the actor may not export these records.
    """
    if not db.actor_of(session).may(Action.EXPORT, query.entity):
        raise Forbidden(_("You do not have the right to export."))
    fields = fields_of(session, query.entity)
    wanted = query.columns or tuple(name for name, f in fields.items() if f.shown)
    chosen = [fields[name] for name in wanted if name in fields]
    header = ["id", *(_(field.label) for field in chosen)]
    return header, _rows(session, query, chosen, today)


def noted(session: Session, what: str, kind: str) -> None:
    """Leave in the change log, though nothing changes, that `what` went out as a file.

    `kind` is that of the file, as its name ends.
    """
    pending = db.pending_of(session)
    pending.reason, pending.always = Reason.EXPORT, True
    pending.note = _("{what}: {kind} file").format(what=what, kind=kind.upper())


def _rows(
    session: Session, query: lists.Query, chosen: list[Field], today: date
) -> Iterator[list[Any]]:
    sent = 0
    for piece in lists.stream(session, query, today=today):
        named = _named(session, chosen, piece)
        for row in piece:
            if sent >= MAX_ROWS:
                return
            sent += 1
            yield [row["id"], *(_cell(f, row.get(f.name), named) for f in chosen)]


def _named(
    session: Session, chosen: list[Field], rows: list[lists.Row]
) -> dict[Kind, dict[int, str]]:
    found = {}
    for kind in list_values.LINKED:
        names = [field.name for field in chosen if field.kind is kind]
        ids = {row[name] for row in rows for name in names if row.get(name)}
        found[kind] = list_values.names(session, kind, ids)
    return found


def _cell(field: Field, value: Any, named: dict[Kind, dict[int, str]]) -> Any:
    if value is None:
        return None
    if field.kind in list_values.LINKED:
        return named[field.kind].get(int(value))
    if field.kind is Kind.CHOICE:
        return str(value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value
