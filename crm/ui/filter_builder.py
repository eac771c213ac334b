"""Build a filter by choosing: field, operator, value; the same for every list."""

import json
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlalchemy import select
from sqlmodel import Session, col

from crm.i18n import _
from crm.models import Product, Segment, Stage, Tag, User
from crm.services.fields import Field, Kind
from crm.services.filters import OPERATORS, Rule
from crm.ui import filter_values, product_search

Known = dict[str, dict[Any, str]]  # per field, the values to choose from


def choices(session: Session, field: Field) -> dict[Any, str]:
    """What can be chosen for `field`: values with their labels.

    Nothing for products bought, which are searched for.
    """
    if field.kind is Kind.CHOICE or field.kind is Kind.CHOICES:
        return {value: _(label) for value, label in field.choices.items()}
    tables: dict[Kind, Any] = {
        Kind.USER: User,
        Kind.TAGS: Tag,
        Kind.SEGMENTS: Segment,
        Kind.PRODUCT: Product,
        Kind.STAGE: Stage,
    }
    if (table := tables.get(field.kind)) is None:
        return {}
    rows = session.execute(select(table.id, table.name).order_by(col(table.name)))
    return {int(row[0]): str(row[1]) for row in rows}


def known(session: Session, fields: dict[str, Field]) -> Known:
    """What can be chosen for each of `fields`, where anything can."""
    return {
        name: choices(session, field)
        for name, field in fields.items()
        if field.kind in filter_values.KNOWN or field.choices
    }


def read(slug: str) -> Rule | None:
    """The filter in the address of list `slug`; None when there is none or no sense."""
    try:
        rule = json.loads(st.query_params.get(f"{slug}_f", "") or "null")
    except (ValueError, RecursionError):
        return None
    return rule if _is_rule(rule) else None


def _is_rule(rule: Any) -> bool:
    """Whether all of it are groups and conditions, with texts for field and operator.

    What fields, operators and values there are is for the services to say.
    """
    waiting = [rule]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict):
            return False
        if "rules" in item:
            if not isinstance(item["rules"], list) or not item["rules"]:
                return False
            waiting += item["rules"]
        elif not (
            isinstance(item.get("field"), str) and isinstance(item.get("op"), str)
        ):
            return False
    return isinstance(rule, dict) and "rules" in rule


def write(slug: str, rule: Rule | None) -> None:
    """Put the filter into the address, or take it out."""
    name = f"{slug}_f"
    if rule and rule.get("rules"):
        st.query_params[name] = dumped(rule)
    elif name in st.query_params:
        del st.query_params[name]


def dumped(rule: Rule) -> str:
    """The filter as an address has it."""
    return json.dumps(rule, separators=(",", ":"))


def build(
    slug: str, fields: dict[str, Field], known: dict[str, dict[Any, str]]
) -> None:
    """Draw the builder for list `slug`; what is complete goes into the address."""
    draft = _draft(slug)
    if len(draft["rules"]) > 1:
        match = st.segmented_control(
            _("Match"),
            ["all", "any"],
            default=draft["match"],
            format_func={"all": _("all of"), "any": _("any of")}.__getitem__,
            key=f"{slug}_match",
            label_visibility="collapsed",
        )
        draft["match"] = match or "all"
    for position, item in enumerate(draft["rules"]):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _row(slug, position, item, fields, known)
    with st.container(horizontal=True):
        st.button(
            _("Add condition"),
            icon=":material/add:",
            key=f"{slug}_add",
            on_click=_add,
            args=[slug, next(iter(fields))],
        )
        if draft["rules"]:
            st.button(
                _("Clear"),
                icon=":material/filter_alt_off:",
                type="tertiary",
                key=f"{slug}_clear",
                on_click=clear,
                args=[slug],
            )
    write(slug, _complete(draft))


def clear(slug: str) -> None:
    """Forget the filter of list `slug`."""
    st.session_state.pop(f"{slug}_draft", None)
    if f"{slug}_f" in st.query_params:
        del st.query_params[f"{slug}_f"]


def use(slug: str, rule: Rule | None) -> None:
    """Put `rule` in the place of whatever filter list `slug` had."""
    clear(slug)
    write(slug, rule)


def words(
    rule: Rule, fields: dict[str, Field], known: dict[str, dict[Any, str]]
) -> str:
    """The filter in a sentence, for the line above a list and for reports."""
    joint = _("and") if rule.get("match", "all") == "all" else _("or")
    return f" {joint} ".join(
        _words(item, fields, known) for item in rule.get("rules", [])
    )


def _words(item: dict[str, Any], fields: dict[str, Field], known: Known) -> str:
    if "rules" in item:
        return f"({words(item, fields, known)})"
    if (field := fields.get(str(item.get("field")))) is None:
        return "?"
    op = OPERATORS[field.kind].get(str(item.get("op")), "?")
    value = item.get("value")
    if isinstance(value, list):
        searched = field.kind in filter_values.SEARCHED
        labels = product_search.names(value) if searched else known.get(field.name, {})
        value = ", ".join(str(labels.get(one, one)) for one in value)
    return " ".join(str(p) for p in (_(field.label), _(op), value) if p is not None)


def _draft(slug: str) -> dict[str, Any]:
    """The filter being built, with a key per condition; starts from the address."""
    key = f"{slug}_draft"
    if key not in st.session_state:
        rule = read(slug) or {"match": "all", "rules": []}
        flat = [item for item in rule["rules"] if "field" in item]
        st.session_state[key] = {
            "match": rule.get("match", "all"),
            "rules": [item | {"key": uuid4().hex[:8]} for item in flat],
        }
    draft: dict[str, Any] = st.session_state[key]
    return draft


def _row(
    slug: str,
    position: int,
    item: dict[str, Any],
    fields: dict[str, Field],
    known: Known,
) -> None:
    key = f"{slug}_{item['key']}"
    names = list(fields)
    name = st.selectbox(
        _("Field"),
        names,
        index=names.index(item["field"]) if item["field"] in names else 0,
        format_func=lambda one: _(fields[one].label),
        key=f"{key}_field",
        label_visibility="collapsed",
        width=170,
    )
    field = fields[name]
    ops = OPERATORS[field.kind]
    op = st.selectbox(
        _("Comparison"),
        list(ops),
        index=list(ops).index(item["op"]) if item.get("op") in ops else 0,
        format_func=lambda one: _(ops[one]),
        key=f"{key}_{name}_op",
        label_visibility="collapsed",
        width=170,
    )
    fresh = name != item["field"] or op != item.get("op")
    start = None if fresh else item.get("value")
    item |= {"field": name, "op": op}
    item["value"] = filter_values.asked(
        f"{key}_{name}_{op}", field, op, start, known.get(name, {})
    )
    st.button(
        "",
        icon=":material/close:",
        type="tertiary",
        key=f"{key}_drop",
        help=_("Remove this condition"),
        on_click=_drop,
        args=[slug, position],
    )


def _complete(draft: dict[str, Any]) -> Rule | None:
    """The conditions that are filled in, as a rule."""
    rules = [
        {name: item[name] for name in ("field", "op", "value") if name in item}
        for item in draft["rules"]
        if item.get("value") not in (None, "", [])
        or item.get("op") in filter_values.NONE
    ]
    for rule in rules:
        if rule.get("value") is None:
            rule.pop("value", None)
    return {"match": draft["match"], "rules": rules} if rules else None


def _add(slug: str, first: str) -> None:
    _draft(slug)["rules"].append({"key": uuid4().hex[:8], "field": first, "op": ""})


def _drop(slug: str, position: int) -> None:
    del _draft(slug)["rules"][position]
