"""Values as the change log has them: plain data, alike on every database, and back."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from crm.models import Amount, Instant, exact
from crm.models.types import LongText, Rate, Text
from crm.models.values import clean


def plain(value: Any) -> Any:
    """`value` as JSON has it: amounts and times as text, enums as their value.

    Times are in UTC, so that one instant is one text whatever zone it came in.
    """
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict | tuple):  # a copy: the original may change
        return json.loads(json.dumps(value, allow_nan=False))
    return value


def held(kind: Any, value: Any) -> Any:
    """What a column of type `kind` holds once `value` is stored, as plain data."""
    if value is None:
        return None
    if isinstance(kind, Text | LongText) and isinstance(value, str):
        return clean(value) or None
    if isinstance(kind, Amount):
        return plain(exact(value))
    return plain(value)


def typed(kind: Any, value: Any) -> Any:
    """What `held` has made plain, as a column of type `kind` takes it."""
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Amount | Rate):
        return Decimal(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value


def canonical(value: Any) -> str:
    """The one text of plain `value`, whatever a database does to its JSON.

    PostgreSQL sorts keys and writes 1e16 out, MySQL turns 1 into 1.0: so keys are
    sorted here and numbers spelled by their value.
    """
    if isinstance(value, dict):
        pairs = (f"{_text(str(key))}:{canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _digits(Decimal(repr(value)))
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _digits(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
