"""What the user picked last, where a view has several pictures to pick from."""

from typing import Any

import streamlit as st

Picked = tuple[str, Any]  # where, and what


def last(view: str) -> Picked | None:
    """Where in `view` something was picked last, and what."""
    found: Picked | None = st.session_state.get(f"{view}_picked")
    return found


def choose(view: str, place: str, what: Any) -> None:
    """Take `what` for picked, at `place`."""
    st.session_state[f"{view}_picked"] = (place, what)


def is_new(view: str, chart: str, mark: Any) -> bool:
    """Whether something has been picked in a chart since the run before.

    Charts say what is picked in every run. `mark` tells one choice from another; it
    is None where nothing is picked.
    """
    key = f"{view}_{chart}_was"
    before = st.session_state.get(key)
    st.session_state[key] = mark
    return mark is not None and mark != before


def forget(view: str) -> None:
    """Nothing is picked, in the charts neither."""
    st.session_state.pop(f"{view}_picked", None)
    st.session_state[f"{view}_turn"] = turn(view) + 1


def turn(view: str) -> int:
    """To be part of the keys of charts: a new one makes them forget."""
    return int(st.session_state.get(f"{view}_turn", 0))
