"""A ticket for each of the first customers of a ranking, to ask how things are."""

import streamlit as st

from crm.i18n import _
from crm.models import Action, Reason, utcnow
from crm.services.support import asking
from crm.services.support.asking import Asked
from crm.ui import access, feedback
from crm.ui.format import number
from crm.ui.ordered import Kept

AT_ONCE = 500  # tickets opened by one click
FEW = 20


def popover(kept: Kept, *, key: str) -> None:
    """For whoever may open tickets; `key` is that of the ranking."""
    if not access.current().may(Action.CREATE, "ticket"):
        return
    most = min(len(kept), AT_ONCE)
    with st.popover(_("Open tickets"), icon=":material/support_agent:"):
        st.number_input(
            _("How many, from the top"), 1, most, min(FEW, most), key=f"{key}_ask_count"
        )
        st.text_input(
            _("Subject"),
            _("Ask how things are"),
            key=f"{key}_ask_subject",
        )
        st.caption(
            _(
                "An inquiry for each, for the owner of the customer. Who is being "
                "asked already is left out."
            )
        )
        st.button(
            _("Open them"),
            type="primary",
            key=f"{key}_ask",
            on_click=_ask,
            args=[kept, key],
        )


def _ask(kept: Kept, key: str) -> None:
    """Ask the first so many as the form holds now."""
    state = st.session_state
    first = kept.head(int(state[f"{key}_ask_count"]))
    feedback.run(
        _told,
        asking.ask,
        [int(one) for one in first["customer_id"]],
        state[f"{key}_ask_subject"],
        at=utcnow(),
        reason=Reason.BULK,
    )


def _told(asked: Asked) -> str:
    told = _("Tickets opened: {n}.").format(n=number(asked.opened))
    if not asked.there:
        return told
    there = _("Already there: {n}.").format(n=number(asked.there))
    return f"{told} {there}"
