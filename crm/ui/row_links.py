"""Names in a table that open their records, one after the other if the user likes."""

from typing import Any

import streamlit as st

from crm.ui import navigation

_TRAIL = "_trail"


def column(label: str, *, key: str, slug: str, ids: list[int], **look: Any) -> Any:
    """The column of the names.

    Args:
        key: of its own in the page.
        slug: of the page of such a record.
        ids: of the rows; a record may be in several.
        look: more of what `ButtonColumn` takes.
    """
    return st.column_config.ButtonColumn(
        label,
        type="tertiary",
        alignment="left",
        key=key,
        on_click=_open,
        args=[key, slug, ids],
        **look,
    )


def trail(slug: str) -> list[int]:
    """The records of the table that one of that page was last opened from."""
    known: tuple[str, list[int]] = st.session_state.get(_TRAIL, ("", []))
    return known[1] if known[0] == slug else []


def _open(key: str, slug: str, ids: list[int]) -> None:
    row = st.session_state[key].row
    if row is not None and row < len(ids):
        st.session_state[_TRAIL] = (slug, list(dict.fromkeys(ids)))
        navigation.go(slug, id=ids[row])
