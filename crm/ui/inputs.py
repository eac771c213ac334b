"""The widget that fits a field: for forms and bulk edits, own and custom fields."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from crm.errors import Invalid
from crm.i18n import _
from crm.services.fields import Field, Kind
from crm.ui import day_input
from crm.ui.format import plain
from crm.ui.typed import ungrouped


def field(field: Field, value: Any, known: dict[Any, str], *, key: str) -> Any:
    """Draw the widget for `field`, filled with `value`; give what it holds.

    `known` are the choices, where there are any. Empty is None.
    """
    shared: dict[str, Any] = {"label": plain(_(field.label)), "key": key}
    draw = _WIDGETS.get(field.kind)
    if draw is not None:
        return draw(value, known, shared)
    return st.text_input(value=value or "", **shared) or None


def locked(field: Field, value: Any, why: str, *, key: str) -> None:
    """A field that cannot be typed into now, with its value and the reason."""
    shown = _digits(value) if isinstance(value, Decimal) else str(value or "")
    st.text_input(plain(_(field.label)), shown, disabled=True, key=key)
    st.caption(plain(why))


def amount(label: str, value: Decimal | int | None, *, key: str) -> Decimal | None:
    """A box for an exact amount; what is no number is said, and None."""
    start = None if value is None else Decimal(value)
    return _decimal(start, {}, {"label": label, "key": key})


def held(key: str) -> Decimal | None:
    """What the box of `amount` holds now: for callbacks, as `amount` gave it before.

    Raises:
        Invalid: it is no number.
    """
    text = ungrouped(st.session_state[key])
    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise Invalid(_("This is not a number."), field="amount") from error


def picked(key: str, what: str) -> Any:
    """What is chosen of what the word in `key` finds: for callbacks.

    Raises:
        Invalid: nothing is, as when the word was typed last and has found others.
    """
    word = st.session_state[f"{key}_word"]
    chosen = st.session_state.get(f"{key}_{what}_{word}")
    if chosen is None:
        raise Invalid(_("Choose one of those that the search finds."), field=what)
    return chosen


def typed(field: Field, key: str) -> Any:
    """What the widget of `field` holds now: for callbacks, as `field` gave it before.

    Raises:
        Invalid: it should be a number, and is none.
    """
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        return held(key)
    if field.kind is Kind.SHARE:
        percent = held(key)
        return None if percent is None else percent / 100
    value = st.session_state[key]
    return None if value == "" else value


def _several(value: Any, known: dict[Any, str], shared: dict[str, Any]) -> Any:
    chosen = [one for one in value or [] if one in known]
    return st.multiselect(options=list(known), default=chosen, **shared)


def _tick(value: Any, _known: dict[Any, str], shared: dict[str, Any]) -> Any:
    return st.checkbox(value=bool(value), **shared)


def _day(value: Any, _known: dict[Any, str], shared: dict[str, Any]) -> Any:
    return day_input.date_input(
        value=value if isinstance(value, date) else None, **shared
    )


def _long(value: Any, _known: dict[Any, str], shared: dict[str, Any]) -> Any:
    return st.text_area(value=value or "", **shared) or None


def _one(value: Any, known: dict[Any, str], shared: dict[str, Any]) -> Any:
    options = list(known)
    return st.selectbox(
        options=options,
        index=options.index(value) if value in options else None,
        format_func=known.__getitem__,
        placeholder=_("None"),
        **shared,
    )


def _decimal(
    value: Any, _known: dict[Any, str], shared: dict[str, Any]
) -> Decimal | None:
    """A text box, since a number input would make a float of it."""
    start = "" if value is None else _digits(value)
    text = ungrouped(st.text_input(value=start, **shared))
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        st.caption(_("This is not a number."))
        return None


def _digits(value: Decimal) -> str:
    """A number as it is typed, without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(
    value: Any, known: dict[Any, str], shared: dict[str, Any]
) -> Decimal | None:
    """A share as the percentage that it is shown as."""
    label = {"label": f"{shared['label']}, %"}
    shown = None if value is None else value * 100
    percent = _decimal(shown, known, shared | label)
    return None if percent is None else percent / 100


_WIDGETS: dict[Kind, Callable[[Any, dict[Any, str], dict[str, Any]], Any]] = {
    Kind.CHOICE: _one,
    Kind.USER: _one,
    Kind.PRODUCT: _one,
    Kind.STAGE: _one,
    Kind.CHOICES: _several,
    Kind.YES_NO: _tick,
    Kind.DATE: _day,
    Kind.LONG_TEXT: _long,
    Kind.NUMBER: _decimal,
    Kind.MONEY: _decimal,
    Kind.SHARE: _percent,
}
