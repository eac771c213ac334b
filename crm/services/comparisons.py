"""One condition of a filter: a column, an operator and a value, as SQL.

Values come from anywhere. What does not fit raises ValueError, TypeError or
ArithmeticError here, before a statement is run; what fits is always bound.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm import db
from crm.models import exact, folded
from crm.models.types import LongText, Text
from crm.models.values import clean
from crm.services import days
from crm.services.fields import Field, Kind

MAX_ITEMS = 500  # in a list of values
LONGEST = 500  # characters of a value

Condition = Any  # a `ColumnElement[bool]`, which SQLAlchemy types as Any mostly


def compare(field: Field, column: Any, op: str, value: Any, today: date) -> Condition:
    """The condition that `column`, which holds `field`, stands to `value` as `op` says.

    Relative days count from `today`; moments are on the days of the company.
    """
    if op in ("empty", "filled"):
        return column.is_(None) if op == "empty" else column.is_not(None)
    if field.kind in (Kind.DATE, Kind.MOMENT):
        start = days.start_of if field.kind is Kind.MOMENT else _same
        return _days(column, op, value, today, start)
    if field.kind in (Kind.NUMBER, Kind.MONEY, Kind.SHARE):
        return _number(column, op, _share(value) if field.kind is Kind.SHARE else value)
    if field.kind is Kind.YES_NO:
        return column.is_(op == "yes")
    if op in ("any", "none"):
        return _one_of(field, column, op, value)
    return _text(field, column, op, short(value))


def _text(field: Field, column: Any, op: str, text: str) -> Condition:
    """Case and accents count for “is”; the rest ignores case, and accents if it can."""
    if op in ("is", "is_not"):
        same = column == sa.literal(text, Text(LONGEST))
        return same if op == "is" else sa.or_(column.is_(None), sa.not_(same))
    if op == "starts":
        return _starts(field, column, text)
    held = _contains(field, column, text)
    return held if op == "contains" else sa.or_(column.is_(None), sa.not_(held))


def _contains(field: Field, column: Any, text: str) -> Condition:
    if field.key is None or not folded(text):
        return db.holds(column, text)
    return sa.and_(column.is_not(None), _first_line(field.key, folded(text), "%"))


def _starts(field: Field, column: Any, text: str) -> Condition:
    if field.key is None or not folded(text):
        return db.starts(column, text)
    return sa.and_(column.is_not(None), _first_line(field.key, folded(text), ""))


def _first_line(key: Any, text: str, before: str) -> Condition:
    """The first line of a search key, which is the folded name, holds `text`."""
    meant = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return key.like(_literal(f"{before}{meant}%\n%"), escape="/")


def _literal(text: str) -> Any:
    """`text` as a value to compare with, however short the column is."""
    return sa.literal(text, LongText())


def _number(column: Any, op: str, value: Any) -> Condition:
    measured = _whole if isinstance(column.type, sa.Integer) else _amount
    if op == "between":
        low, high = (measured(item) for item in listed(value))
        return column.between(low, high)
    amount = measured(value)
    tests: dict[str, Any] = {
        "eq": column == amount,
        "ne": sa.or_(column.is_(None), column != amount),
        "lt": column < amount,
        "le": column <= amount,
        "gt": column > amount,
        "ge": column >= amount,
    }
    return tests[op]


def _days(
    column: Any, op: str, value: Any, today: date, start: Callable[[date], Any]
) -> Condition:
    """Whole days; `start` turns a day into the value at which it begins."""
    day = timedelta(days=1)
    if op in ("last_days", "older_days", "next_days"):
        span = timedelta(days=_count(value))
        if op == "older_days":
            return column < start(today - span)
        first, last = (
            (today - span, today) if op == "last_days" else (today, today + span)
        )
        return sa.and_(column >= start(first), column < start(last + day))
    if op == "between":
        first, last = (date.fromisoformat(str(item)) for item in listed(value))
        return sa.and_(column >= start(first), column < start(last + day))
    chosen = date.fromisoformat(str(value))
    tests: dict[str, Any] = {
        "on": sa.and_(column >= start(chosen), column < start(chosen + day)),
        "before": column < start(chosen),
        "after": column >= start(chosen + day),
    }
    return tests[op]


def _one_of(field: Field, column: Any, op: str, value: Any) -> Condition:
    wanted: list[Any] = listed(value)
    if field.kind is not Kind.CHOICE:
        wanted = [identity(item) for item in wanted]
    elif any(item not in field.choices for item in wanted):
        raise ValueError("not one of the choices")
    if op == "any":
        return column.in_(wanted)
    return sa.or_(column.is_(None), column.not_in(wanted))


def listed(value: Any) -> list[Any]:
    """`value` as a list of at most `MAX_ITEMS`."""
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        raise ValueError("a list is needed")
    return list(value)


def identity(value: Any) -> int:
    """`value` as the id of a record, there or not."""
    if isinstance(value, bool | float) or not 0 < (number := int(value)) < 2**63:
        raise ValueError("an id is needed")
    return number


def short(value: Any) -> str:
    """`value` as text of 1 to 500 characters."""
    if not isinstance(value, str) or not value or len(clean(value)) > LONGEST:
        raise ValueError("a text of 1 to 500 characters is needed")
    return clean(value)


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError("a number is needed")
    return exact(str(value) if isinstance(value, float) else value)


def _whole(value: Any) -> float:
    """A number to compare a count with."""
    return float(_amount(value))


def _share(value: Any) -> Any:
    """A share, or a list of shares, that may be written as percentages: “50%”, “50”."""
    if isinstance(value, list | tuple):
        return [_share(item) for item in value]
    text = str(value).strip()
    amount = Decimal(text.removesuffix("%"))
    is_percent = text.endswith("%") or amount > 1
    return amount / 100 if is_percent else amount


def _count(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= 36_500:
        raise ValueError("a number of days up to a hundred years is needed")
    return number


def _same(day: date) -> date:
    return day
