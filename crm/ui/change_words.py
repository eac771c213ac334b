"""Changes as people read them: labels for fields, words for values, no internals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from textwrap import shorten
from typing import Any

from sqlmodel import Session

from crm.i18n import LANGUAGES, _
from crm.models import Deed, Reason
from crm.models.changes import REASON_LABELS
from crm.services import field_labels
from crm.services.changes import FieldChange
from crm.services.changes_places import ATTACHED
from crm.services.fields import ENTITIES, Field, Kind, fields_of
from crm.ui.format import day, moment, number, percent

INTERNAL = frozenset(
    {"rate", "rate_on", "import_id", "position", "analysis_id", "key", "walk_in"}
)
"""Fields that follow from others, or that only the program reads."""
LONGEST = 200  # characters of a value
ASKED = frozenset({Reason.EDIT, Reason.BULK})
"""Reasons that say no more than that somebody wanted it so."""
TWICE = frozenset({"stage_change", "estimate"})
"""Kinds of records that say once more what their opportunity says."""


def told(changes: Iterable[FieldChange]) -> list[FieldChange]:
    """Those that say something to a person."""
    return [
        one
        for one in changes
        if one.entity not in TWICE
        and one.name not in INTERNAL
        and (one.before is not None or one.after is not None)
    ]


def altered(changes: Iterable[FieldChange]) -> list[FieldChange]:
    """Those of records that were there already: the others are new as a whole."""
    known = list(changes)
    made = {(one.record_id, one.record) for one in known if _is_made(one)}
    return [
        one
        for one in known
        if not _is_made(one)
        and not (one.entity in ATTACHED and (one.record_id, one.record) in made)
    ]


def headings(reason: Reason, changes: Iterable[FieldChange]) -> list[str]:
    """Which records of a customer were created, and which altered: plain texts such
    as “Created: Ticket Grinder squeaks” and “Edited · Invoice 2026-17”.
    """
    known = list(changes)
    made, others = [one for one in known if _is_made(one)], altered(known)
    why, found = _(REASON_LABELS[reason]), []
    if made:
        names = " · ".join(_records(made))
        words = _("Created: {records}").format(records=names)
        found.append(words if reason in ASKED else f"{why} · {words}")
    if told(others) or not made:
        about = _records(one for one in others if one.entity != "customer")
        found.append(" · ".join([why, *about]))
    return found


def _is_made(change: FieldChange) -> bool:
    is_new = change.deed in (Deed.CREATE, Deed.BATCH)
    return is_new and change.entity in ENTITIES


def _records(changes: Iterable[FieldChange]) -> list[str]:
    """“Ticket Grinder squeaks”, once each; “Payment” where it has no name."""
    names = {
        (one.entity, one.record_id): one.record
        for one in changes
        if one.entity in ENTITIES
    }
    found = []
    for (entity, key), name in names.items():
        kind = _(getattr(ENTITIES[entity].table, "__label__", entity))
        found.append(f"{kind} {name}" if name and name != f"#{key}" else kind)
    return found


def custom_labels(session: Session) -> dict[str, str]:
    """What custom fields of all kinds of records are called, by name."""
    return {
        name: field.label
        for entity in ENTITIES
        for name, field in fields_of(session, entity).items()
        if field.custom_id is not None
    }


def label(change: FieldChange, labels: Mapping[str, str]) -> str:
    """What the field is called; `labels` has those that are no fields of its list."""
    if (known := _field(change)) is not None:
        return _(known.label)
    return labels.get(change.name) or field_labels.label(change.name, of=change.entity)


def line(change: FieldChange, labels: Mapping[str, str]) -> str:
    """“City: Bonn → Köln”, as plain text."""
    name, after = label(change, labels), value(change, change.after)
    if change.deed is Deed.CREATE:
        return f"{name}: {after}"
    return f"{name}: {value(change, change.before)} → {after}"


def value(change: FieldChange, held: Any) -> str:
    """A value of the log in words; one that is none of its kind stays as it is."""
    if held is None:
        return "–"
    if isinstance(held, bool):
        return _("Yes") if held else _("No")
    if change.name == "language":
        return LANGUAGES.get(str(held), str(held))
    field = _field(change)
    try:
        return _short(held) if field is None else _of_kind(field, held)
    except (ValueError, InvalidOperation):
        return _short(held)


def _of_kind(field: Field, held: Any) -> str:
    if field.kind is Kind.CHOICE:
        return _(field.choices.get(str(held), str(held)))
    if field.kind is Kind.DATE:
        return day(date.fromisoformat(str(held)))
    if field.kind is Kind.MOMENT:
        return moment(datetime.fromisoformat(str(held)))
    if field.kind is Kind.MONEY:
        return number(Decimal(str(held)), places=4)
    if field.kind is Kind.SHARE:
        return percent(float(held), places=1)
    return _short(held)


def _short(held: Any) -> str:
    """A text in one line, long ones cut: the record has the rest."""
    return shorten(str(held), LONGEST, placeholder=" …")


def _field(change: FieldChange) -> Field | None:
    entity = ENTITIES.get(change.entity)
    fields = entity.fields if entity else ()
    return next((one for one in fields if one.name == change.name), None)
