"""The value of a condition: the widget that fits its field and its operator."""

from datetime import date
from typing import Any

import streamlit as st

from crm.i18n import _
from crm.services.fields import Field, Kind
from crm.ui import day_input, product_search

NONE = ("empty", "filled", "yes", "no")  # operators without a value
DAYS = ("last_days", "next_days", "older_days")
KNOWN = (Kind.USER, Kind.TAGS, Kind.SEGMENTS, Kind.STAGE)  # chosen from records
SEARCHED = (Kind.PRODUCT, Kind.PRODUCTS)  # chosen from very many: see `product_search`
CHOSEN = (*KNOWN, *SEARCHED, Kind.CHOICE)


def asked(key: str, field: Field, op: str, start: Any, known: dict[Any, str]) -> Any:
    """The value as it is filled in; None while nothing is, or none is needed.

    `start` is what it holds at first, `known` are the values to choose from.
    """
    if op in NONE:
        return None
    shared: dict[str, Any] = {
        "label": _("Value"),
        "label_visibility": "collapsed",
        "key": key,
        "width": 240,
    }
    if known or field.kind in CHOSEN:
        return _several(field, start, known, shared)
    if op in DAYS:
        return st.number_input(
            min_value=0, max_value=36_500, value=start or 30, **shared
        )
    if field.kind in (Kind.DATE, Kind.MOMENT):
        return _dates(op, start, shared)
    if op == "between":
        text = st.text_input(
            value=" – ".join(map(str, start or [])), placeholder="1 – 10", **shared
        )
        parts = [part.strip() for part in text.split("–" if "–" in text else "-")]
        return parts if len(parts) == 2 and all(parts) else None
    return st.text_input(value=str(start or ""), **shared)


def _several(
    field: Field, start: Any, known: dict[Any, str], shared: dict[str, Any]
) -> list[Any]:
    held = start if isinstance(start, list) else []
    if field.kind in SEARCHED:
        return product_search.several(held, key=shared["key"], width=shared["width"])
    return st.multiselect(
        options=list(known),
        default=[one for one in held if one in known],
        format_func=known.__getitem__,
        **shared,
    )


def _dates(op: str, start: Any, shared: dict[str, Any]) -> Any:
    if op == "between":
        value: Any = [date.fromisoformat(one) for one in start or []]
        chosen = day_input.date_input(value=value, **shared)
        return [one.isoformat() for one in chosen] if len(chosen) == 2 else None
    single = date.fromisoformat(start) if isinstance(start, str) else None
    picked = day_input.date_input(value=single, **shared)
    return picked.isoformat() if picked else None
