"""Filters: a rule of fields, operators and values, as data, turned into SQL.

A rule is `{"match": "all" | "any" | "none", "rules": [...]}`, whose items are
conditions `{"field": …, "op": …, "value": …}` or rules again. The same rule filters a
list, defines a live segment and narrows a report. Nothing in it reaches SQL but as a
bound value.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlmodel import col

from crm import db
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import (
    CustomValue,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    Segment,
    SegmentMember,
    Tagging,
    folded,
)
from crm.services.comparisons import Condition, compare, identity, listed, short
from crm.services.fields import Entity, Field, Kind, is_sale

MAX_DEPTH = 8
MAX_CONDITIONS = 50
MAX_VALUES = 1_500  # in all lists together: SQL Server binds 2,100 in one statement

Rule = dict[str, Any]

TEXT_OPS = {
    "contains": N_("contains"),
    "lacks": N_("does not contain"),
    "is": N_("is"),
    "is_not": N_("is not"),
    "starts": N_("starts with"),
}
LONG_OPS = {op: TEXT_OPS[op] for op in ("contains", "lacks", "starts")}  # Oracle's
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

HOLDS_OF_NOTHING = frozenset({"empty", "lacks", "is_not", "ne", "none", "no"})

OPERATORS: dict[Kind, dict[str, str]] = {
    Kind.TEXT: TEXT_OPS | EMPTY_OPS,
    Kind.LONG_TEXT: LONG_OPS | EMPTY_OPS,
    Kind.LINK: TEXT_OPS | EMPTY_OPS,
    Kind.NUMBER: NUMBER_OPS | EMPTY_OPS,
    Kind.MONEY: NUMBER_OPS | EMPTY_OPS,
    Kind.SHARE: NUMBER_OPS | EMPTY_OPS,
    Kind.DATE: DATE_OPS | EMPTY_OPS,
    Kind.MOMENT: DATE_OPS | EMPTY_OPS,
    Kind.CHOICE: ONE_OPS | EMPTY_OPS,
    Kind.USER: ONE_OPS | EMPTY_OPS,
    Kind.CUSTOMER: ONE_OPS | EMPTY_OPS,
    Kind.PRODUCT: ONE_OPS | EMPTY_OPS,
    Kind.STAGE: ONE_OPS | EMPTY_OPS,
    Kind.CHOICES: MANY_OPS | EMPTY_OPS,
    Kind.TAGS: MANY_OPS | EMPTY_OPS,
    Kind.SEGMENTS: MANY_OPS | EMPTY_OPS,
    Kind.PRODUCTS: MANY_OPS | EMPTY_OPS,
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
    check_size(rule)
    return _group(entity, fields, rule, today)


def check_size(rule: Any) -> None:
    """Refuse what is too deep or too long before it is walked through.

    Raises:
        Invalid: more levels than `MAX_DEPTH`, more conditions than `MAX_CONDITIONS`,
            more values in its lists than `MAX_VALUES`.
    """
    waiting, conditions, values = [(rule, 1)], 0, 0
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict) and isinstance(item.get("rules"), list):
            if depth > MAX_DEPTH:
                raise Invalid(_("This filter is nested too deeply."), field="filter")
            waiting += [(one, depth + 1) for one in item["rules"]]
        conditions += 1
        if conditions > MAX_CONDITIONS:
            raise Invalid(
                _("A filter takes at most {n} conditions.").format(n=MAX_CONDITIONS),
                field="filter",
            )
        value = item.get("value") if isinstance(item, dict) else None
        values += len(value) if isinstance(value, list) else 0
        if values > MAX_VALUES:
            raise Invalid(
                _("A filter takes at most {n} values in lists.").format(n=MAX_VALUES),
                field="filter",
            )


def _group(
    entity: Entity, fields: dict[str, Field], rule: Rule, today: date
) -> Condition:
    if not isinstance(rule, dict):
        raise Invalid(_("This filter cannot be read."), field="filter")
    if "rules" not in rule:
        return _condition(entity, fields, rule, today)
    items, match = rule["rules"], rule.get("match", "all")
    if not isinstance(items, list) or match not in ("all", "any", "none"):
        raise Invalid(_("This filter cannot be read."), field="filter")
    parts = [_group(entity, fields, item, today) for item in items]
    if not parts:
        return sa.true()
    if match == "none":  # what is unknown does not hold
        return sa.case((sa.or_(*parts), 0), else_=1) == 1
    return sa.and_(*parts) if match == "all" else sa.or_(*parts)


def _condition(
    entity: Entity, fields: dict[str, Field], rule: Rule, today: date
) -> Condition:
    name, op = rule.get("field"), rule.get("op")
    if not isinstance(name, str) or (field := fields.get(name)) is None:
        raise Invalid(
            _("There is no field “{name}”.").format(name=shown(name)), field="filter"
        )
    if field.hidden:  # as of a record where it was never filled in
        return sa.true() if op in HOLDS_OF_NOTHING else sa.false()
    if not isinstance(op, str) or op not in OPERATORS[field.kind]:
        raise Invalid(
            _("“{field}” cannot be compared by “{op}”.").format(
                field=_(field.label), op=shown(op)
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
        tag = col(Tagging.tag_id)
        return _many(own_id, _taggings(entity), tag, op, _ids(op, value))
    if field.kind is Kind.SEGMENTS:
        segment = col(SegmentMember.segment_id)
        return _many(own_id, _memberships(), segment, op, _ids(op, value))
    if field.kind is Kind.PRODUCTS:
        rows, product = _products(entity)
        return _many(own_id, rows, product, op, _ids(op, value))
    if field.custom_id is not None:
        return _custom(field, own_id, op, value, today)
    return compare(field, field.column, op, value, today)


def _many(own_id: Any, rows: Any, held: Any, op: str, wanted: list[Any]) -> Condition:
    """What a record has several of: `rows` select its id, `held` is one of them."""
    if op in ("empty", "filled"):
        found = own_id.in_(rows)
        return sa.not_(found) if op == "empty" else found
    rows = rows.where(held.in_(wanted))
    if op == "all":
        if not wanted:
            return sa.true()
        (key,) = rows.selected_columns
        different = sa.func.count(sa.distinct(held))
        rows = rows.group_by(key).having(different == len(set(wanted)))
    found = own_id.in_(rows)
    return sa.not_(found) if op == "none" else found


def _taggings(entity: Entity) -> Any:
    return select(col(Tagging.record_id)).where(col(Tagging.entity) == entity.name)


def _memberships() -> Any:
    """In the segments that the actor can see."""
    return select(col(SegmentMember.customer_id)).join(
        Segment, col(Segment.id) == col(SegmentMember.segment_id)
    )


def _products(entity: Entity) -> tuple[Any, Any]:
    """On the lines of an opportunity; bought by a customer, by confirmed sales.

    Orders are in reach with their customers, of whom the condition is: to ask for the
    reach of orders again has a database list them all before it looks for the product.
    """
    if entity.table is Opportunity:
        line = OpportunityLine
        return select(col(line.opportunity_id)), col(line.product_id)
    orders, lines = (sa.inspect(one).local_table for one in (Order, OrderLine))
    bought = (
        select(orders.c.customer_id)
        .join(lines, lines.c.order_id == orders.c.id)
        .where(is_sale(orders.c))
    )
    return bought, lines.c.product_id


def _ids(op: str, value: Any) -> list[int]:
    if op in ("empty", "filled"):
        return []
    return [identity(item) for item in listed(value)]


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
        wanted = [short(item) for item in listed(value)]
        return _many(own_id, rows, column, op, wanted)
    negated = {"lacks": "contains", "is_not": "is", "ne": "eq", "none": "any"}
    if op in negated:
        found = rows.where(compare(field, column, negated[op], value, today))
        return sa.not_(own_id.in_(found))
    if op in ("filled", "yes"):
        found = rows if op == "filled" else rows.where(column == 1)
    else:
        found = rows.where(compare(field, column, op, value, today))
    return own_id.in_(found)


def stored_in(kind: Kind) -> Any:
    """The column of `CustomValue` that holds values of `kind`."""
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.YES_NO):
        return col(CustomValue.number)
    return col(CustomValue.day) if kind is Kind.DATE else col(CustomValue.text)


def matches_search(entity: Entity, text: str) -> Condition:
    """Records whose search key holds every word of `text`."""
    key = col(entity.table.search_key)  # type: ignore[attr-defined]  # every listed table has one
    words = folded(sound(text[:200])).split()[:8]
    return sa.and_(sa.true(), *(db.contains(key, word) for word in words))


def sound(text: str) -> str:
    """`text` without what no database can look for: NUL and half characters."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def shown(name: object) -> str:
    """A name that somebody sent, fit to stand in a message."""
    return sound(str(name))[:60]
