"""Save customers that an analysis has found as a segment, under a name of one's own."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.i18n import _
from crm.models import Reason
from crm.services.customers import segments
from crm.ui import feedback


def popover(name: str, field: str, key: str, done: Callable[[str], Any]) -> None:
    """Asks for the name.

    Args:
        name: proposed, as far as there is room.
        field: the key of the name; of its own for each choice of customers.
        key: of the button.
        done: gets the name as it is at the click.
    """
    with st.popover(_("Save as segment"), icon=":material/workspaces:"):
        st.text_input(_("Name of the new segment"), value=name[:120], key=field)
        st.button(
            _("Save"),
            type="primary",
            key=key,
            on_click=lambda: done(st.session_state[field]),
        )


def save(
    name: str, ids: Sequence[int], description: str, analysis_id: int
) -> int | None:
    """The id of the new segment; None, and the reason told, where there is none."""
    return feedback.run(
        _("Segment “{name}” is saved.").format(name=name.strip()),
        _saved,
        name,
        ids,
        description,
        analysis_id,
        reason=Reason.BULK,
    )


def _saved(
    session: Session, name: str, ids: Sequence[int], description: str, analysis_id: int
) -> int:
    segment = segments.save(
        session, name, ids, description=description, analysis_id=analysis_id
    )
    return segment.id
