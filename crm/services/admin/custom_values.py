"""What somebody gives for a custom field, as the rows that hold it."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.errors import Invalid
from crm.i18n import _
from crm.models import CustomField, CustomKind, exact
from crm.models.values import storable
from crm.services import records

LONGEST = 500

TYPED: dict[CustomKind, str] = {
    CustomKind.NUMBER: "number",
    CustomKind.MONEY: "number",
    CustomKind.YES_NO: "number",
    CustomKind.DATE: "day",
}


def column_of(kind: CustomKind) -> str:
    """The column of `CustomValue` that holds values of `kind`."""
    return TYPED.get(kind, "text")


def parsed(field: CustomField, value: Any) -> list[dict[str, Any]]:
    """`value` as what the rows of a field hold, one dictionary a row.

    Raises:
        Invalid: it does not fit the field's kind.
    """
    if value in (None, "", []):
        return []
    try:
        if field.kind is CustomKind.CHOICES:
            return [{"text": _choice(field, one)} for one in _listed(value)]
        one = _one(field, value)
        return [] if one is None else [{column_of(field.kind): one}]
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise Invalid(
            _("The value for “{field}” does not fit.").format(field=field.label),
            field=field.name,
        ) from error


def _one(field: CustomField, value: Any) -> Any:
    kind = field.kind
    if kind is CustomKind.YES_NO:
        return Decimal(int(_truth(value)))
    if kind in (CustomKind.NUMBER, CustomKind.MONEY):
        return exact(str(value))
    if kind is CustomKind.DATE:
        return _day(value)
    if kind is CustomKind.CHOICE:
        return _choice(field, value)
    return _text(field, value)


def _text(field: CustomField, value: Any) -> str | None:
    if isinstance(value, dict | list | bool):
        raise TypeError("not a text")
    if (kept := storable(str(value))) is None:
        return None
    if len(kept) > LONGEST:
        raise Invalid(
            records.too_long(field.label, len(kept), LONGEST), field=field.name
        )
    if field.kind is CustomKind.LINK and not re.fullmatch(r"https?://\S+", kept):
        raise ValueError("not a link")
    return str(kept)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _choice(field: CustomField, value: Any) -> str:
    if value not in field.choices:
        raise ValueError("not one of the choices")
    return str(value)


def _truth(value: Any) -> bool:
    words = {"yes": True, "true": True, "1": True}
    words |= {"no": False, "false": False, "0": False}
    return words[str(value).strip().lower()]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [one.strip() for one in value.split(";") if one.strip()]
    return list(dict.fromkeys(value))
