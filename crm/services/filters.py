"""Filters: a rule of fields, operators and values, as data, turned into SQL.

A rule is `{"match": "all" | "any", "rules": [...]}`, whose items are conditions
`{"field": …, "op": …, "value": …}` or rules again. The same rule filters a list,
defines a live segment and narrows a report. Nothing in it reaches SQL but as a
bound value.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import (
    CustomValue,
    Segment,
    SegmentMember,
    Tagging,
    exact,
    folded,
)
from crm.models.types import clean
from crm.services.fields import Entity, Field, Kind

MAX_DEPTH = 4
MAX_CONDITIONS = 50

Rule = dict[str, Any]
Condition = Any  # a `ColumnElement[bool]`, which SQLAlchemy types as Any mostly

TEXT_OPS = {
    "contains": N_("contains"),
    "lacks": N_("does not contain"),
    "is": N_("is"),
    "is_not": N_("is not"),
    "starts": N_("starts with"),
}
NUMBER_OPS = {
    "eq": N_("="),
    "ne": N_("≠"),
    "lt": N_("<"),
    "le": N_("≤"),
    "gt": N_(">"),
    "ge": N_("≥"),
    "between": N_("between"),
}
DATE_OPS = {
    "on": N_("on"),
    "before": N_("before"),
    "after": N_("after"),
    "between": N_("between"),
    "last_days": N_("in the last days"),
    "older_days": N_("longer ago than days"),
    "next_days": N_("in the next days"),
}
ONE_OPS = {"any": N_("is any of"), "none": N_("is none of")}
MANY_OPS = {
    "any": N_("has any of"),
    "none": N_("has none of"),
    "all": N_("has all of"),
}
EMPTY_OPS = {"empty": N_("is empty"), "filled": N_("is not empty")}

OPERATORS: dict[Kind, dict[str, str]] = {
    Kind.TEXT: TEXT_OPS | EMPTY_OPS,
    Kind.LONG_TEXT: TEXT_OPS | EMPTY_OPS,
    Kind.LINK: TEXT_OPS | EMPTY_OPS,
    Kind.NUMBER: NUMBER_OPS | EMPTY_OPS,
    Kind.MONEY: NUMBER_OPS | EMPTY_OPS,
    Kind.DATE: DATE_OPS | EMPTY_OPS,
    Kind.MOMENT: DATE_OPS | EMPTY_OPS,
    Kind.CHOICE: ONE_OPS | EMPTY_OPS,
    Kind.USER: ONE_OPS | EMPTY_OPS,
    Kind.CUSTOMER: ONE_OPS | EMPTY_OPS,
    Kind.CHOICES: MANY_OPS | EMPTY_OPS,
    Kind.TAGS: MANY_OPS | EMPTY_OPS,
    Kind.SEGMENTS: MANY_OPS | EMPTY_OPS,
    Kind.YES_NO: {"yes": N_("is yes"), "no": N_("is no")},
}


def where(
    entity: Entity, fields: dict[str, Field], rule: Rule | None, *, today: date
) -> Condition:
    """The SQL condition that `rule` stands for; relative days count from `today`.

    Raises:
        Invalid: an unknown field or operator, a value that does not fit, or a rule
            that is too deep or too long.
    """
    if not rule:
        return sa.true()
    if _size(rule) > MAX_CONDITIONS:
        raise Invalid(
            _("A filter takes at most {n} conditions.").format(n=MAX_CONDITIONS)
        )
    return _group(entity, fields, rule, today, depth=1)


def _size(rule: Any) -> int:
    if isinstance(rule, dict) and isinstance(rule.get("rules"), list):
        return sum(_size(item) for item in rule["rules"])
    return 1


def _group(
    entity: Entity, fields: dict[str, Field], rule: Rule, today: date, *, depth: int
) -> Condition:
    if not isinstance(rule, dict):
        raise Invalid(_("This filter cannot be read."))
    if "rules" not in rule:
        return _condition(entity, fields, rule, today)
    items, match = rule["rules"], rule.get("match", "all")
    if depth > MAX_DEPTH or not isinstance(items, list) or match not in ("all", "any"):
        raise Invalid(_("This filter cannot be read."))
    parts = [_group(entity, fields, item, today, depth=depth + 1) for item in items]
    if not parts:
        return sa.true()
    return sa.and_(*parts) if match == "all" else sa.or_(*parts)


def _condition(
    entity: Entity, fields: dict[str, Field], rule: Rule, today: date
) -> Condition:
    name, op = rule.get("field"), rule.get("op")
    if not isinstance(name, str) or (field := fields.get(name)) is None:
        raise Invalid(_("There is no field “{name}”.").format(name=name), field="rule")
    if not isinstance(op, str) or op not in OPERATORS[field.kind]:
        raise Invalid(
            _("“{field}” cannot be compared by “{op}”.").format(
                field=_(field.label), op=op
            ),
            field=field.name,
        )
    try:
        return _test(entity, field, op, rule.get("value"), today)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise Invalid(
            _("The value for “{field}” does not fit.").format(field=_(field.label)),
            field=field.name,
        ) from error


def _test(entity: Entity, field: Field, op: str, value: Any, today: date) -> Condition:
    own_id = col(entity.table.id)  # type: ignore[attr-defined]  # every listed table has an id
    if field.kind is Kind.TAGS:
        return _many(op, value, lambda ids: _tagged(entity, own_id, ids))
    if field.kind is Kind.SEGMENTS:
        return _many(op, value, lambda ids: _member(own_id, ids))
    if field.custom_id is not None:
        return _custom(field, own_id, op, value, today)
    return _compare(field, field.column, op, value, today)


def _many(op: str, value: Any, having: Callable[[list[int] | None], Condition]) -> Any:
    """Conditions on what a record has several of; `having(None)` is “any at all”."""
    if op in ("empty", "filled"):
        return sa.not_(having(None)) if op == "empty" else having(None)
    ids = [int(item) for item in _listed(value)]
    if op == "all":
        return sa.and_(*(having([one]) for one in ids))
    return having(ids) if op == "any" else sa.not_(having(ids))


def _tagged(entity: Entity, own_id: Any, ids: list[int] | None) -> Condition:
    found = select(col(Tagging.record_id)).where(col(Tagging.entity) == entity.name)
    if ids is not None:
        found = found.where(col(Tagging.tag_id).in_(ids))
    return own_id.in_(found)


def _member(own_id: Any, ids: list[int] | None) -> Condition:
    """In a segment that the actor can see."""
    found = select(col(SegmentMember.customer_id)).join(
        Segment, col(Segment.id) == col(SegmentMember.segment_id)
    )
    if ids is not None:
        found = found.where(col(SegmentMember.segment_id).in_(ids))
    return own_id.in_(found)


def _custom(field: Field, own_id: Any, op: str, value: Any, today: date) -> Condition:
    """A condition on the rows that hold a custom field's values."""
    column = stored_in(field.kind)
    rows = select(col(CustomValue.record_id)).where(
        col(CustomValue.field_id) == field.custom_id
    )
    if op in ("empty", "no"):
        filled = rows if op == "empty" else rows.where(column == 1)
        return sa.not_(own_id.in_(filled))
    if field.kind is Kind.CHOICES and op in ("any", "none", "all"):
        wanted = [str(item) for item in _listed(value)]
        each = [own_id.in_(rows.where(column == item)) for item in wanted]
        if op == "all":
            return sa.and_(*each)
        return sa.or_(*each) if op == "any" else sa.not_(sa.or_(*each))
    negated = {"lacks": "contains", "is_not": "is", "ne": "eq", "none": "any"}
    if op in negated:
        found = rows.where(_compare(field, column, negated[op], value, today))
        return sa.not_(own_id.in_(found))
    if op in ("filled", "yes"):
        found = rows if op == "filled" else rows.where(column == 1)
    else:
        found = rows.where(_compare(field, column, op, value, today))
    return own_id.in_(found)


def stored_in(kind: Kind) -> Any:
    """The column of `CustomValue` that holds values of `kind`."""
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.YES_NO):
        return col(CustomValue.number)
    return col(CustomValue.day) if kind is Kind.DATE else col(CustomValue.text)


def _compare(field: Field, column: Any, op: str, value: Any, today: date) -> Condition:
    if op in ("empty", "filled"):
        return column.is_(None) if op == "empty" else column.is_not(None)
    if field.kind in (Kind.DATE, Kind.MOMENT):
        start = _midnight if field.kind is Kind.MOMENT else _same
        return _days(column, op, value, today, start)
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        return _number(column, op, value)
    if field.kind is Kind.YES_NO:
        return column.is_(op == "yes")
    if op in ONE_OPS:
        return _one_of(field, column, op, value)
    return _text(column, op, _short(value))


def _text(column: Any, op: str, text: str) -> Condition:
    """Case counts for “is”; the rest ignores it as far as the database can."""
    tests: dict[str, Callable[[], Any]] = {
        "contains": lambda: column.icontains(text, autoescape=True),
        "lacks": lambda: sa.or_(
            column.is_(None), sa.not_(column.icontains(text, autoescape=True))
        ),
        "is": lambda: column == text,
        "is_not": lambda: sa.or_(column.is_(None), column != text),
        "starts": lambda: column.istartswith(text, autoescape=True),
    }
    return tests[op]()


def _number(column: Any, op: str, value: Any) -> Condition:
    if op == "between":
        low, high = (_amount(item) for item in _listed(value))
        return column.between(low, high)
    amount = _amount(value)
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
        first, last = (date.fromisoformat(str(item)) for item in _listed(value))
        return sa.and_(column >= start(first), column < start(last + day))
    chosen = date.fromisoformat(str(value))
    tests: dict[str, Any] = {
        "on": sa.and_(column >= start(chosen), column < start(chosen + day)),
        "before": column < start(chosen),
        "after": column >= start(chosen + day),
    }
    return tests[op]


def _one_of(field: Field, column: Any, op: str, value: Any) -> Condition:
    wanted: list[Any] = _listed(value)
    if field.kind is not Kind.CHOICE:
        wanted = [int(item) for item in wanted]
    elif unknown := set(map(str, wanted)) - set(field.choices):
        raise ValueError(f"unknown choices: {unknown}")
    if op == "any":
        return column.in_(wanted)
    return sa.or_(column.is_(None), column.not_in(wanted))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > db.IN_LIMIT:
        raise ValueError("a list is needed")
    return list(value)


def _short(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 500:
        raise ValueError("a text of 1 to 500 characters is needed")
    return clean(value)


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError("a number is needed")
    return exact(str(value) if isinstance(value, float) else value)


def _count(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= 36_500:
        raise ValueError("a number of days up to a hundred years is needed")
    return number


def _same(day: date) -> date:
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def matches_search(entity: Entity, text: str) -> Condition:
    """Records whose search key holds every word of `text`."""
    key = col(entity.table.search_key)  # type: ignore[attr-defined]  # every listed table has one
    sound = text[:200].replace("\x00", "").encode(errors="ignore").decode()
    words = folded(sound).split()[:8]
    return sa.and_(sa.true(), *(db.contains(key, word) for word in words))
