"""What holds for records of every kind: valid input, versions, the recycle bin."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid, Stale
from crm.i18n import _
from crm.models import Binned, Customer, Fields, Record, User, utcnow

Form = TypeVar("Form", bound=Fields)
Kept = TypeVar("Kept", bound=Record)

MAX_AT_ONCE = 100_000


def valid(form: type[Form], data: dict[str, Any]) -> Form:
    """`data` as a form of that type.

    Raises:
        Invalid: it does not fit; the first fault in words, with its field.
    """
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise Invalid(*_in_words(error)) from error


def change(row: Kept, form: type[Form], changes: dict[str, Any]) -> Kept:
    """Set `changes` on `row`, checked together with the fields that stay.

    Raises:
        Invalid: a field that the form does not have, or a value that does not fit.
    """
    if unknown := set(changes) - set(form.model_fields):
        raise Invalid(
            _("There is no field “{name}”.").format(name=min(unknown)),
            field=min(unknown),
        )
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
    for piece in db.chunked(list(ids)):
        yield from session.scalars(select(table).where(key.in_(piece)).order_by(key))


def check_links(session: Session, form: Fields) -> None:
    """Make sure that the customer, parent and owner named in `form` are there.

    Raises:
        NotFound: one is not, or is out of reach.
    """
    for name, entity in (
        ("customer_id", Customer),
        ("parent_id", Customer),
        ("owner_id", User),
    ):
        if (key := getattr(form, name, None)) is not None:
            db.get(session, entity, key)


def own(session: Session, form: Form) -> Form:
    """Make the actor the owner where the form names none."""
    if getattr(form, "owner_id", None) is None:
        form.owner_id = db.actor_of(session).user_id
    return form


def _in_words(error: ValidationError) -> tuple[str]:
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or _("the form")
    words = {
        "missing": _("“{field}” is missing."),
        "string_too_long": _("“{field}” is too long."),
        "string_too_short": _("“{field}” is missing."),
        "string_type": _("“{field}” is missing."),
        "extra_forbidden": _("There is no field “{field}” to set."),
        "enum": _("“{field}” is not one of the choices."),
    }
    text = words.get(first["type"], _("“{field}” does not fit: {reason}"))
    return (text.format(field=name, reason=first["msg"]),)
