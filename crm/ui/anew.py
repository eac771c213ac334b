"""Forms that are empty again once what they held was saved, and only then.

`clear_on_submit` would also lose what a service refuses.
"""

import streamlit as st


def key(name: str) -> str:
    """The key of the form `name`, and of what is in it, as it is now."""
    return f"{name}_{st.session_state.get(_turn(name), 0)}"


def begin(name: str) -> None:
    """Let the form begin anew on the next run."""
    st.session_state[_turn(name)] = st.session_state.get(_turn(name), 0) + 1


def _turn(name: str) -> str:
    return f"_{name}_turn"
