"""Whether choices fit the file and the target, and are the actor's to make."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.errors import Forbidden, Invalid
from crm.i18n import _
from crm.models import Action, Actor
from crm.services.admin import hidden_fields
from crm.services.imports.choices import (
    Choices,
    Mode,
    Policy,
    UnknownCustomers,
    UnknownProducts,
)
from crm.services.imports.fillable import allowed
from crm.services.imports.meanings import MAKE
from crm.services.imports.places import countries, currencies
from crm.services.imports.targets import CHANGED_AT, OPPORTUNITIES, Target

FOUND_BY = ("email", "external_id")  # records that are there, by their keys
NEEDS = {
    Mode.CREATE: (Action.CREATE,),
    Mode.UPDATE: (Action.UPDATE,),
    Mode.UPSERT: (Action.CREATE, Action.UPDATE),
}


def check(
    actor: Actor, target: Target, header: Sequence[str], choices: Choices
) -> None:
    """Make sure that `actor` may import a file with that header as `choices` say.

    `target` holds all fields, those that are not the actor's to fill too.

    Raises:
        Invalid, Forbidden: see `setup.choose`.
    """
    _check_columns(header, choices)
    _check_fields(actor, target, choices)
    _check_match(target, choices)
    _check_places(choices)
    _check_rights(actor, target, choices)
    _check_hidden(actor, target)


def _check_columns(header: Sequence[str], choices: Choices) -> None:
    named = [*choices.mapping, *choices.numbers, *choices.dates]
    if gone := [column for column in named if column not in set(header)]:
        words = _("The file has no column “{column}”.").format(column=gone[0])
        raise Invalid(words, field=gone[0])


def _check_fields(actor: Actor, target: Target, choices: Choices) -> None:
    known = {field.name: _(field.label) for field in target.fields}
    mine = {field.name for field in allowed(actor, target).fields}
    for name in [*choices.mapping.values(), *choices.policies]:
        if name not in known:
            words = _("There is no field “{name}” to import.").format(name=name)
            raise Invalid(words, field=name)
        if name not in mine:
            words = _("You may not import the field “{name}”.").format(name=known[name])
            raise Forbidden(words)
    for name, times in Counter(choices.mapping.values()).items():
        if times > 1:
            words = _("Two columns go into the field “{name}”.")
            raise Invalid(words.format(name=known[name]), field=name)
    needed = () if choices.mode is Mode.UPDATE else target.required
    for name in needed:
        if name not in choices.mapping.values():
            words = _("No column goes into the field “{name}”, which is required.")
            raise Invalid(words.format(name=known[name]), field=name)


def _check_match(target: Target, choices: Choices) -> None:
    mapped = choices.mapping.values()
    if choices.match_key not in target.match_keys or choices.match_key not in mapped:
        words = _("Choose by which column rows find the records that are there.")
        raise Invalid(words, field="match_key")
    if Policy.NEWER in choices.policies.values() and CHANGED_AT not in mapped:
        words = _("To keep what is newer, a column must say when each row was changed.")
        raise Invalid(words, field=CHANGED_AT)


def _check_places(choices: Choices) -> None:
    try:
        ZoneInfo(choices.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(_("This is no time zone."), field="zone") from error
    if choices.country is not None and choices.country not in countries().values():
        raise Invalid(_("This is no country."), field="country")
    if choices.currency is not None and choices.currency not in currencies().values():
        raise Invalid(_("This is no currency."), field="currency")


def _check_hidden(actor: Actor, target: Target) -> None:
    """What nobody may read finds nothing: rows would come in twice."""
    for entity in (target.entity, "customer"):
        if any(actor.hides(entity, name) for name in FOUND_BY):
            raise Forbidden(_(hidden_fields.NEEDED))


def _check_rights(actor: Actor, target: Target, choices: Choices) -> None:
    needed = [(action, target.entity) for action in NEEDS[choices.mode]]
    if target.group_by is not None:  # orders bring customers and products along
        needed += [(Action.CREATE, "customer")]
        if choices.unknown_products is UnknownProducts.MAKE:
            needed += [(Action.CREATE, "product")]
    makes = choices.unknown_customers is UnknownCustomers.MAKE
    if target.name == OPPORTUNITIES.name and choices.mode is not Mode.UPDATE and makes:
        needed += [(Action.CREATE, "customer")]
    needed += [
        (Action.CREATE, entity)
        for entity in ("product", "stage")
        if MAKE in choices.meant.get(entity, {}).values()
    ]
    for action, entity in needed:
        if not actor.may(action, entity):
            raise Forbidden(_("You do not have the right to do this."))
