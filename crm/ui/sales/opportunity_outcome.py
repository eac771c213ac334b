"""How an opportunity ended: won or lost, why, and against whom."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import LostReason, Opportunity, Stage, StageKind, WonReason
from crm.services.sales import opportunities
from crm.services.sales.opportunity_fields import LOST_REASONS, WON_REASONS
from crm.ui import access, feedback
from crm.ui.format import plain

WANTED = "_outcome"


def want(opportunity_id: int, stage_id: int, version: int) -> None:
    """For callbacks: have the next run ask how it ended."""
    st.session_state[WANTED] = (opportunity_id, stage_id, version)


def ask_if_wanted() -> None:
    """The dialog, while a card waits for its outcome."""
    if (wanted := st.session_state.get(WANTED)) is None:
        return
    with feedback.told(), db.reading(access.current()) as session:
        row = db.get(session, Opportunity, wanted[0])
        stage = db.get(session, Stage, wanted[1])
        title = _("Won") if stage.kind is StageKind.WON else _("Lost")

        @st.dialog(title, on_dismiss=_forget)
        def dialog() -> None:
            if WANTED not in st.session_state:  # saved: the dialog alone ran again
                st.rerun()
            st.markdown(plain(row.name))
            _form(row, stage)

        dialog()


def _form(row: Opportunity, stage: Stage) -> None:
    key = f"outcome_{row.id}_{stage.id}_{{}}".format
    is_won = stage.kind is StageKind.WON
    reasons = WON_REASONS if is_won else LOST_REASONS
    reason = st.selectbox(
        _("Reason"),
        list(reasons),
        index=None,
        format_func=lambda name: _(reasons[name]),
        placeholder=_("None") if is_won else _("Choose one"),
        key=key("reason"),
    )
    st.text_input(_("Competitor"), row.competitor or "", key=key("competitor"))
    st.text_input(_("Remark"), key=key("note"))
    st.button(
        _("Save"),
        type="primary",
        key=key("save"),
        disabled=not is_won and reason is None,
        on_click=_save,
        args=[row.name, key, is_won],
    )


def _reason(name: str | None, *, is_won: bool) -> dict[str, Any]:
    if is_won:
        return {"won_reason": WonReason(name) if name else None}
    return {"lost_reason": LostReason(name) if name else None}


def _save(name: str, key: Callable[[str], str], is_won: bool) -> None:
    """End it with what the form holds now: arguments would be of the run before."""
    held = st.session_state
    typed = {"competitor": held[key("competitor")], "close_note": held[key("note")]}
    typed |= _reason(held[key("reason")], is_won=is_won)
    opportunity_id, stage_id, version = st.session_state.pop(WANTED)
    done = _("“{name}” is won.") if "won_reason" in typed else _("“{name}” is lost.")
    feedback.run(
        done.format(name=name),
        opportunities.move,
        opportunity_id,
        stage_id,
        version=version,
        **typed,
    )


def _forget() -> None:
    st.session_state.pop(WANTED, None)
