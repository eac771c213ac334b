"""Fields that a role may neither read nor write: an administrator names them.

What hides them is `crm.db`: here is only which fields can be hidden, and from whom.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import N_, _
from crm.models import Action, HiddenField, Role
from crm.services.fields import Field, entity_of, fields_of

DECIDING = frozenset({
    "campaign.starts_on", "campaign.ends_on", "lead.company", "opportunity.amount",
    "opportunity.close_on", "opportunity.forecast_category", "price_list.valid_from",
    "price_list.valid_until", "product.tax_rate", "subscription.term_months",
})  # fmt: skip
"""May be empty, but rules reckon with them: with nothing there, these would go wrong
in a way that nobody sees."""

NEEDED = N_("This needs fields that are hidden from you: ask somebody who sees them.")

ROLES = tuple(role for role in Role if role is not Role.ADMIN)
"""From whom fields can be hidden: whoever sets this up sees everything."""


def maskable(session: Session, entity: str) -> dict[str, Field]:
    """The fields of `entity` that can be hidden, by name.

    Custom fields, and those that people fill in, that may be empty, link to nothing
    and decide nothing: so no rule and no code meets anything that it does not meet in
    a record where the field was never filled in.

    Raises:
        Invalid: there is no such kind of record.
    """
    table = inspect(entity_of(entity).table).local_table
    return {
        name: field
        for name, field in fields_of(session, entity).items()
        if field.custom_id is not None or _is_plain(table, field)
    }


def listed(session: Session) -> dict[tuple[Role, str], list[str]]:
    """The names of the hidden fields by role and kind of record."""
    statement = select(HiddenField).order_by(col(HiddenField.id))
    found: dict[tuple[Role, str], list[str]] = {}
    for one in session.scalars(statement):
        found.setdefault((one.role, one.entity), []).append(one.field)
    return found


def save(session: Session, role: Role, entity: str, names: Collection[str]) -> None:
    """Hide the fields `names` of `entity` from `role`, and no others.

    Raises:
        Forbidden: only administrators may.
        Invalid: a field that cannot be hidden, or a role that sees everything.
    """
    db.require(db.actor_of(session), Action.UPDATE, "hidden_field")
    if role not in ROLES:
        raise Invalid(_("Administrators see every field."), field="role")
    known = maskable(session, entity)
    if wrong := sorted(set(names) - known.keys()):
        words = _("“{field}” cannot be hidden.").format(field=wrong[0])
        raise Invalid(words, field=wrong[0])
    held = {row.field: row for row in _rows(session, role, entity)}
    for name in held.keys() - set(names):
        session.delete(held[name])
    for name in sorted(set(names) - held.keys()):
        session.add(HiddenField(role=role, entity=entity, field=name))
    session.flush()


def require_all(session: Session, entity: str, names: Iterable[str]) -> None:
    """Make sure that the actor may read the fields `names` of `entity`.

    Raises:
        Forbidden: some are hidden.
    """
    actor = db.actor_of(session)
    if any(actor.hides(entity, name) for name in names):
        raise Forbidden(_(NEEDED))


def _rows(session: Session, role: Role, entity: str) -> list[HiddenField]:
    statement = select(HiddenField).where(
        col(HiddenField.role) == role, col(HiddenField.entity) == entity
    )
    return list(session.scalars(statement))


def _is_plain(table: object, field: Field) -> bool:
    columns = table.c  # type: ignore[attr-defined]  # a table has columns
    if field.column is None or not field.editable or field.name not in columns:
        return False
    column = columns[field.name]
    place = f"{column.table.name}.{field.name}"
    return column.nullable and not column.foreign_keys and place not in DECIDING
