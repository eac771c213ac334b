"""What is booked from a page: once, however often a button is clicked; no way back."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from sqlmodel import Session

from crm.db.plain import plain
from crm.models import Record
from crm.services import idempotency
from crm.ui import feedback
from crm.ui.typed import ungrouped

Booked = TypeVar("Booked", bound=Record)


def book(
    kind: type[Booked],
    key: str,
    done: Callable[[Booked], str],
    use_case: Callable[..., Booked],
    *args: Any,
    **given: Any,
) -> Booked | None:
    """Run `use_case`, which makes one of `kind`, and say `done`; None on an error.

    `key` names what the page showed when the button was drawn. Undo is not offered,
    as it is refused.
    """
    made: Booked | None = feedback.run(done, once, kind, key, use_case, args, given)
    st.session_state.pop(feedback.UNDO, None)
    return made


def once(
    session: Session,
    kind: type[Booked],
    key: str,
    use_case: Callable[..., Booked],
    args: tuple[Any, ...],
    given: dict[str, Any],
) -> Booked:
    """What `use_case` makes; asked again under the same key, what it has made."""
    request = _plain({"args": args} | given)
    make = partial(use_case, session, *args, **given)
    return idempotency.made_once(session, key, request, kind, make)


def amount(text: str) -> Decimal | str:
    """What was typed, as a number; what is none stays text, for a form to refuse."""
    try:
        return Decimal(ungrouped(text))
    except InvalidOperation:
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return plain(value)
