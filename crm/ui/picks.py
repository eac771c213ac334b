"""Rows picked in a table: these records, whatever comes to stand in their place."""

import streamlit as st


def key(name: str, ids: list[int]) -> str:
    """The key of a table whose rows are the records `ids`.

    Streamlit keeps by position what is picked. Once other records stand there, after
    a change or on the next page, the table gets another key, and with it no picks.
    """
    state = st.session_state
    kept = f"_{name}_rows"
    turn, before = state.get(kept, (0, ids))
    held = state.get(_key(name, turn))
    if ids != before and held and held["selection"]["rows"]:
        turn += 1
    state[kept] = (turn, ids)
    return _key(name, turn)


def _key(name: str, turn: int) -> str:
    return f"{name}_{turn}" if turn else name
