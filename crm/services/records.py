"""What holds for records of every kind: valid input, versions, the recycle bin."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.db.watch import require
from crm.errors import Invalid, Stale
from crm.i18n import _
from crm.models import Action, Binned, Customer, Fields, Record, User, utcnow
from crm.models.values import YEARS, is_usual, storable
from crm.services import field_labels
from crm.services.filters import shown

Form = TypeVar("Form", bound=Fields)
Kept = TypeVar("Kept", bound=Record)
Day = TypeVar("Day", date, datetime, date | None)

MAX_AT_ONCE = 100_000
LINKS: dict[str, type[Record]] = {
    "customer_id": Customer,
    "parent_id": Customer,
    "owner_id": User,
}


def valid(form: type[Form], data: dict[str, Any]) -> Form:
    """`data` as a form of that type.

    Raises:
        Invalid: it does not fit; the first fault in words, with its field.
    """
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Invalid(in_words(first, name, of=form), field=name or None) from error


def change(row: Kept, form: type[Form], changes: dict[str, Any]) -> Kept:
    """Set `changes` on `row`, checked together with the fields that stay.

    Raises:
        Invalid: a field that the form does not have, or a value that does not fit.
    """
    if unknown := set(changes) - set(form.model_fields):
        name = shown(min(unknown))
        raise Invalid(_("There is no field “{name}”.").format(name=name), field=name)
    kept = {name: getattr(row, name) for name in form.model_fields}
    checked = valid(form, kept | changes)
    for name in changes:
        setattr(row, name, getattr(checked, name))
    return row


def expect(row: Record, version: int | None) -> None:
    """Make sure that `row` is still at `version`; None does not ask.

    Raises:
        Stale: somebody has changed it since.
    """
    if version is not None and row.version != version:
        raise Stale(_("This record has changed since you opened it."))


def bin_(session: Session, row: Binned, *, version: int | None = None) -> None:
    """Put `row` into the recycle bin."""
    expect(row, version)
    row.deleted_at = utcnow()
    session.add(row)
    session.flush()


def rows(session: Session, table: type[Kept], ids: Sequence[int]) -> Iterable[Kept]:
    """The rows in reach among `ids`, in pieces, so that memory stays flat.

    Raises:
        Invalid: more than 100,000 at once.
    """
    if len(ids) > MAX_AT_ONCE:
        raise Invalid(
            _("At most {n} records can be changed at once.").format(n=MAX_AT_ONCE)
        )
    key = col(table.id)
    wanted = sorted({one for one in ids if 0 < one < 2**63})
    for piece in db.chunked(wanted):
        yield from session.scalars(select(table).where(key.in_(piece)).order_by(key))


def touch(session: Session, row: Record) -> None:
    """Count a change of what is attached to `row` as a change of `row`.

    Its version grows, so that two who write at once notice each other.

    Raises:
        Forbidden: the actor may not change such records.
    """
    require(db.actor_of(session), Action.UPDATE, str(row.__tablename__))
    row.updated_at = utcnow()


def check_links(session: Session, source: Any, names: Iterable[str] = LINKS) -> None:
    """Make sure that the customer, parent and owner that `source` names are there.

    Raises:
        NotFound: one is not, or is out of reach.
    """
    for name in LINKS.keys() & set(names):
        if (key := getattr(source, name, None)) is not None:
            db.get(session, LINKS[name], key)


def check_kin(session: Session, source: Any, name: str, table: type[Record]) -> None:
    """Make sure that what the field `name` of `source` links to, if it links to
    anything, is there and is no other customer's.

    Raises:
        NotFound: it is not there, or out of reach.
        Invalid: it is of another customer than `source`.
    """
    if (key := getattr(source, name)) is None:
        return
    linked: Any = db.get(session, table, key)
    if linked.customer_id not in (None, source.customer_id):
        words = _("{record} belongs to another customer.")
        raise Invalid(words.format(record=_(linked.__label__)), field=name)


def usual_year(day: Day, *, field: str) -> Day:
    """`day`, of a year that every database and spreadsheet holds.

    Raises:
        Invalid: it is of another.
    """
    if day is not None and not is_usual(day):
        words = _("The year is from {first} to {last}.")
        raise Invalid(words.format(first=YEARS[0], last=YEARS[1]), field=field)
    return day


def text(value: str, *, longest: int, missing: str, field: str) -> str:
    """`value` as a short text that every database stores.

    Raises:
        Invalid: it is empty (`missing` says so), too long, or cannot be stored.
    """
    called = field_labels.label(field)
    try:
        kept = storable(value)
    except ValueError as error:
        raise Invalid(
            _("“{field}” holds a character that cannot be stored.").format(
                field=called
            ),
            field=field,
        ) from error
    if not kept:
        raise Invalid(missing, field=field)
    if len(kept) > longest:
        raise Invalid(too_long(called, len(kept), longest), field=field)
    return str(kept)


def too_long(called: str, n: int, longest: int) -> str:
    """That the text of a field has `n` characters: no box cuts off what is typed."""
    words = _("“{field}” is too long: {n} characters, at most {longest}.")
    return words.format(field=called, n=f"{n:,}", longest=f"{longest:,}")


def own(session: Session, form: Form) -> Form:
    """Make the actor the owner where the form names none."""
    if getattr(form, "owner_id", None) is None:
        form.owner_id = db.actor_of(session).user_id
    return form


def in_words(fault: Any, path: str, *, of: type[Fields] | None = None) -> str:
    """What a fault that pydantic has found at `path` means; `of` is the form."""
    name = shown(path)
    if fault["type"] != "extra_forbidden":  # else it is no field of ours
        name = field_labels.place(name, of=of)
    name = name or _("the form")
    words = {
        "missing": _("“{field}” is missing."),
        "string_too_short": _("“{field}” is missing."),
        "string_type": _("“{field}” is no text."),
        "extra_forbidden": _("There is no field “{field}” to set."),
        "enum": _("“{field}” is not one of the choices."),
    }
    if fault["type"] == "string_too_long":
        return too_long(name, len(fault["input"]), fault["ctx"]["max_length"])
    if fault["type"] == "string_type" and fault["input"] is None:
        return words["missing"].format(field=name)
    if known := words.get(fault["type"]):
        return known.format(field=name)
    for kind, text in (
        ("int", _("“{field}” is not a whole number.")),
        ("decimal", _("“{field}” is not a number.")),
        ("date", _("“{field}” is not a date and time with its zone.")),
        ("timezone", _("“{field}” is not a date and time with its zone.")),
        ("bool", _("“{field}” is neither yes nor no.")),
    ):
        if fault["type"].startswith(kind):
            return text.format(field=name)
    return _("“{field}” does not fit.").format(field=name)
