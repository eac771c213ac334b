"""Targets as one actor may fill them: custom fields included, others' rights not."""

import unicodedata
from dataclasses import replace

from sqlmodel import Session

from crm import db
from crm.errors import Forbidden, Invalid
from crm.i18n import _
from crm.models import Action, Actor, CustomField, CustomKind
from crm.services.admin import custom_fields
from crm.services.imports.targets import TARGETS, Field, Kind, Target

KINDS = {
    CustomKind.TEXT: Kind.TEXT,
    CustomKind.NUMBER: Kind.AMOUNT,
    CustomKind.MONEY: Kind.AMOUNT,
    CustomKind.DATE: Kind.DAY,
    CustomKind.CHOICE: Kind.CHOICE,
    CustomKind.CHOICES: Kind.CHOICES,
    CustomKind.YES_NO: Kind.YES_NO,
    CustomKind.LINK: Kind.LINK,
}
LONGEST = 500  # characters of a custom value


def whole_target(session: Session, name: str) -> Target:
    """The target of that name with all its fields, custom ones last.

    Raises:
        Invalid: there is no such target.
        Forbidden: the actor may not import such records.
    """
    if (known := TARGETS.get(name)) is None:
        raise Invalid(_("There is nothing of that kind to import."), field="target")
    if not db.actor_of(session).may(Action.IMPORT, known.entity):
        raise Forbidden(_("You do not have the right to import these records."))
    custom = custom_fields.fields(session, known.entity)
    return replace(known, fields=known.fields + tuple(map(_field, custom)))


def allowed(actor: Actor, target: Target) -> Target:
    """`target` without the fields that `actor` may not fill, or not even read."""
    fields = tuple(
        field
        for field in target.fields
        if (not field.restricted or may_assign(actor))
        and not actor.hides(target.entity, field.name)
    )
    return replace(target, fields=fields)


def may_assign(actor: Actor) -> bool:
    """Whether `actor` may say in a file whose the records are: administrators may."""
    return actor.may(Action.UPDATE, "app_user")


def is_custom(field: Field) -> bool:
    """Whether an administrator has added `field`."""
    return field.name.startswith("x_")


def _field(custom: CustomField) -> Field:
    spelled = {c: (unicodedata.normalize("NFKC", c),) for c in custom.choices}
    kind = KINDS[custom.kind]
    text = kind in (Kind.TEXT, Kind.LINK)
    return Field(
        custom.name,
        custom.label,
        kind,
        max_length=LONGEST if text else None,
        choices=spelled,
    )
