"""Live segments inside filters: a rule that names one gets that segment's rule."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Actor, Segment, SegmentKind
from crm.services.filters import Rule, check_size

FIELD = "segments"


def named_in(session: Session, rule: Rule | None) -> dict[int, Rule]:
    """The rules of the live segments that `rule` names, by id."""
    ids = sorted({one for found in _conditions(rule) for one in _ids(found)})
    if not ids:
        return {}
    statement = select(Segment).where(
        db.ids_in(col(Segment.id), ids), col(Segment.kind) == SegmentKind.LIVE
    )
    return {one.id: one.rule or {} for one in session.scalars(statement)}


def spelled_out(session: Session, rule: Rule | None) -> Rule | None:
    """`rule` with each live segment in it replaced by the rule that defines it.

    Raises:
        Invalid: `rule` is too deep or too long.
    """
    check_size(rule)
    live = named_in(session, rule)
    return _replaced(rule, live) if rule and live else rule


def is_told(actor: Actor, entity: str, rule: Rule | None) -> bool:
    """Whether `actor` may read `rule`: none of its fields is hidden."""
    return not any(actor.hides(entity, str(c.get("field"))) for c in _all(rule))


def _conditions(rule: Any) -> Iterator[Rule]:
    return (one for one in _all(rule) if one.get("field") == FIELD)


def _all(rule: Any) -> Iterator[Rule]:
    """Every condition of `rule`, however deep."""
    waiting = [rule]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict) and isinstance(item.get("rules"), list):
            waiting += item["rules"]
        elif isinstance(item, dict):
            yield item


def _ids(condition: Rule) -> list[int]:
    value = condition.get("value")
    given = value if isinstance(value, list) else []
    return [one for one in given if type(one) is int and 0 < one < 2**63]


def _replaced(rule: Any, live: dict[int, Rule]) -> Any:
    if not isinstance(rule, dict):
        return rule
    if isinstance(rule.get("rules"), list):
        parts = [_replaced(one, live) for one in rule["rules"]]
        return rule | {"rules": parts}
    op = rule.get("op")
    ids = _ids(rule) if rule.get("field") == FIELD else []
    if op not in ("any", "all", "none") or not live.keys() & set(ids):
        return rule
    others = [one for one in ids if one not in live]
    parts = [live[one] for one in ids if one in live]
    if others:
        parts.append(rule | {"op": "all" if op == "all" else "any", "value": others})
    return {"match": op, "rules": parts}
